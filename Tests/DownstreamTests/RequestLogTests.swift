import Logging
import Synchronization
import Testing

@Suite("log", .timeLimit(.minutes(1)))
struct RequestLogTests {
    /// Keeps every line as text, metadata included.
    private struct Collector: LogHandler {
        final class Lines: Sendable {
            private let texts = Mutex<[String]>([])
            var all: [String] { texts.withLock { $0 } }
            func add(_ text: String) { texts.withLock { $0.append(text) } }
        }

        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).map { "\($0)=\($1)" }.sorted()
            lines.add("\(event.level) \(event.message) " + pairs.joined(separator: " "))
        }
    }

    @Test("one line per request says what was asked and how it was answered, and holds no secret")
    func lines() async throws {
        let lines = Collector.Lines()
        let logger = Logger(label: "front") { _ in Collector(lines: lines) }
        let servers = [TestGateway.Server(name: "fetch", tokens: ["s3cret"]), .init(name: "time", logsRequests: true)]
        try await TestGateway.run(servers, logger: logger) { gateway in
            let token = ["Authorization": "Bearer s3cret"]
            let session = try await gateway.session("fetch", token)
            _ = try await gateway.exchange("POST", "/fetch/mcp", session, body: TestGateway.call("s3cret", id: "1"))
            _ = try await gateway.exchange("GET", "/s3cret/mcp?s3cret", ["X": "s3cret"])
            _ = try await gateway.stream("/fetch/sse", token)
            _ = try await gateway.exchange("POST", "/time/mcp", body: "s3cret")
        }
        let requests = lines.all.filter { $0.contains(" request ") }
        for (line, expected) in zip(
            requests,
            [
                ("debug", "endpoint=mcp", "method=POST", "server=fetch status=200"),
                ("debug", "endpoint=mcp", "method=POST", "server=fetch status=200"),
                ("debug", "endpoint=unknown", "method=GET", "status=404"),
                ("debug", "endpoint=sse", "method=GET", "server=fetch status=200 stream=true"),
                ("info", "endpoint=mcp", "method=POST", "server=time status=415"),
            ])
        {
            #expect(line.hasPrefix(expected.0))
            #expect(line.contains(expected.1))
            #expect(line.contains(expected.2))
            #expect(line.contains(expected.3))
        }
        #expect(requests.count == 5)
        let session = lines.all.filter { $0.contains("s3cret") || $0.contains("sessionId") }
        #expect(session == [])
    }
}
