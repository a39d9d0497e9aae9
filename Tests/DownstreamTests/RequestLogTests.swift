import GatewayLog
import Logging
import TestSupport
import Testing

@Suite("log", .timeLimit(.minutes(1)))
struct RequestLogTests {
    @Test("every HTTP request has an entry for who looks for mistakes, which holds no secret")
    func httpRequests() async throws {
        let log = RecordedLog(.debug)
        let servers = [TestGateway.Server(name: "fetch", tokens: ["s3cret"]), .init(name: "time")]
        try await TestGateway.run(servers, logger: log.logger) { gateway in
            let token = ["Authorization": "Bearer s3cret"]
            let session = try await gateway.session("fetch", token)
            _ = try await gateway.exchange("POST", "/fetch/mcp", session, body: TestGateway.call("s3cret", id: "1"))
            _ = try await gateway.exchange("GET", "/s3cret/mcp?s3cret", ["X": "s3cret"])
            _ = try await gateway.stream("/fetch/sse", token)
            _ = try await gateway.exchange("POST", "/time/mcp", body: "s3cret")
            for expected in [
                "mcp POST fetch 200 -", "mcp POST fetch 200 -", "unknown GET - 404 -", "sse GET fetch 200 true",
                "mcp POST time 415 -",
            ] {
                let entry = try #require(await log.next(.httpAnswered))
                let shown = [LogField.endpoint, .httpMethod, .server, .status, .eventStream].map { entry[$0] ?? "-" }
                #expect(shown.joined(separator: " ") == expected)
                #expect(entry.level == .debug && entry[.duration].flatMap(Int.init) != nil)
                #expect(!entry.json.contains("s3cret") && !entry.json.contains("sessionId"))
            }
        }
    }

    @Test("with logEnabled each request of a session has one entry, and so has each that no session has seen")
    func access() async throws {
        let log = RecordedLog()
        let servers = [
            TestGateway.Server(name: "fetch", tokens: ["s3cret"], logsRequests: true),
            TestGateway.Server(name: "off", isDisabled: true, logsRequests: true),
            TestGateway.Server(name: "quiet"),
        ]
        try await TestGateway.run(servers, logger: log.logger) { gateway in
            _ = try await gateway.session("quiet")
            let token = ["Authorization": "Bearer s3cret"]
            let session = try await gateway.session("fetch", token, revision: "2025-03-26")
            let batch = "[\(TestGateway.call("a", id: "1")),\(TestGateway.call("b", id: "2"))]"
            _ = try await gateway.exchange("POST", "/fetch/mcp", session, body: batch)
            let stream = try await gateway.stream("/fetch/sse", token)
            let headers = TestGateway.json.merging(token) { $1 }
            _ = try await gateway.exchange("POST", stream.endpoint, headers, body: TestGateway.initialize)
            _ = try await stream.connection.message()
            _ = try await gateway.exchange("POST", "/fetch/mcp", TestGateway.json, body: TestGateway.initialize)
            // The status is 503, and all the same it is an answer.
            _ = try await gateway.exchange("POST", "/off/mcp", TestGateway.json, body: TestGateway.initialize)
            _ = try await gateway.exchange("POST", "/fetch/mcp", session, body: TestGateway.call("c", id: "3"))
            for expected in [
                "request-answered fetch initialize - ok", "request-answered fetch tools/call a ok",
                "request-answered fetch tools/call b ok", "request-answered fetch initialize - ok",
                "request-refused fetch - - 401", "request-answered off initialize - unavailable",
                "request-answered fetch tools/call c ok",
            ] {
                let entry = try #require(
                    await log.entries.first { $0.event == .requestAnswered || $0.event == .requestRefused })
                let shown = [entry[.server], entry[.method], entry[.tool], entry[.outcome] ?? entry[.status]]
                #expect("\(entry.event?.rawValue ?? "") \(shown.map { $0 ?? "-" }.joined(separator: " "))" == expected)
                #expect(entry.level == .info && !entry.json.contains("s3cret"))
            }
        }
    }
}
