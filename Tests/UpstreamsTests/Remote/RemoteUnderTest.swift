import Curl
import JSONRPC
import MCP
import NIOCore
import NIOPosix
import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// A connection to a server that the test plays, and everything that the connection reports.
final class RemoteUnderTest: Sendable {
    /// One thread for the requests of all tests.
    static let client = Result { try HTTPClient() }

    /// The server.
    let peer: TestHTTPServer
    let connector: RemoteConnector
    let specification: ServerSpecification
    let loop: any EventLoop
    private let connection: any UpstreamConnection
    private let events: AsyncStream<UpstreamEvent>

    /// What a test makes different.
    struct Setting {
        var path = "/mcp"
        var transport: RemoteEndpoint.Transport?
        /// Most tests play a server that is known to be of before 2026-07-28.
        var era = ServerEra.legacy
        var headers: [String: String] = [:]
        var startTimeout = Duration.seconds(60)
        var messageLimit = 64 << 20
        /// Where the server is, if not at the one that is played.
        var url: String?
    }

    /// Runs `body` beside a server to be played and a connection to it.
    static func with(_ setting: Setting = Setting(), _ body: (RemoteUnderTest) async throws -> Void) async throws {
        let peer = try await TestHTTPServer.start()
        let connector = RemoteConnector(
            client: try client.get(), gatewayName: "gateway", gatewayVersion: "1", userAgent: "gateway/1",
            probePatience: .seconds(60))
        let test = RemoteUnderTest(peer, connector, setting)
        do {
            try await body(test)
        } catch {
            await test.act { $0.kill() }
            await peer.stop()
            throw error
        }
        await test.act { $0.kill() }
        await peer.stop()
    }

    /// Another connection, as the next life of the same server.
    func again(_ body: (RemoteUnderTest) async throws -> Void) async throws {
        let next = RemoteUnderTest(peer, connector, specification)
        try await body(next)
        await next.act { $0.kill() }
    }

    private convenience init(_ peer: TestHTTPServer, _ connector: RemoteConnector, _ setting: Setting) {
        let endpoint = RemoteEndpoint(
            url: setting.url ?? peer.url(setting.path), transport: setting.transport, headers: setting.headers)
        self.init(
            peer, connector,
            ServerSpecification(
                name: "remote", launch: .remote(endpoint), era: setting.era, startTimeout: setting.startTimeout,
                messageLimit: setting.messageLimit))
    }

    private init(_ peer: TestHTTPServer, _ connector: RemoteConnector, _ specification: ServerSpecification) {
        self.peer = peer
        self.connector = connector
        self.specification = specification
        loop = MultiThreadedEventLoopGroup.singleton.next()
        let (events, continuation) = AsyncStream.makeStream(of: UpstreamEvent.self)
        self.events = events
        connection = connector.connect(to: specification, on: loop) { continuation.yield($0) }
    }

    // MARK: The gateway's side

    /// The next thing the connection reports, in words.
    func next() async -> String {
        await events.first { _ in true }.map(Self.words) ?? "nothing"
    }

    /// Does something with the connection, on its loop.
    func act(_ action: @escaping @Sendable (any UpstreamConnection) -> Void) async {
        try? await loop.submit { [connection] in action(connection) }.get()
    }

    /// Sends a message.
    func send(_ line: String, headers: [ForwardedHeader] = []) async throws {
        try await loop.submit { [connection] in
            try connection.send(ByteBuffer(string: line), context: CallContext(headers: headers))
        }.get()
    }

    /// Makes a call, of a tool of this name.
    func call(_ id: Int, _ name: String = "t", headers: [ForwardedHeader] = []) async throws {
        try await send(Self.call(id, name), headers: headers)
    }

    static func call(_ id: Int, _ name: String = "t") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(name)"}}"#
    }

    static func answer(_ id: Int, _ result: String = "{}") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
    }

    private static func words(_ event: UpstreamEvent) -> String {
        func text(_ id: RequestID?) -> String { id.map { String(buffer: $0.json) } ?? "?" }
        return switch event {
        case .spawned: "spawned"
        case .ready(let description): "ready, revision \(description.protocolVersion)"
        case .unusable(let reason): "unusable: \(reason)"
        case .message(let message, _): "message \(String(buffer: message.bytes))"
        case .unsent(let line): "unsent \(String(buffer: line))"
        case .callLost(let id, let reason): "call \(text(id)) lost: \(reason)"
        case .unusableOutput(let line): "unusable output for \(text(line.answeredID)): \(line.reason)"
        case .oversizedMessage(let id): "oversized answer to \(text(id))"
        case .toolsHidden(let tools): "hidden \(tools.map(\.name).joined(separator: ", "))"
        case .standardError(let line), .probeComplaint(let line): "stderr \(line)"
        case .ended(let cause, let isPermanent):
            "\(ExitReport(cause: cause))\(isPermanent ? ", for good" : "")"
        }
    }

    // MARK: The server's side

    /// The next request.
    func request() async throws -> TestHTTPExchange {
        try #require(await peer.next())
    }

    /// The next request, which must be of this method.
    func request(_ method: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> TestHTTPExchange {
        let exchange = try await request()
        try #require(exchange.method == method, sourceLocation: sourceLocation)
        return exchange
    }

    static func initializeResult(revision: String = "2025-11-25") -> String {
        #"{"jsonrpc":"2.0","id":"initialize","result":{"protocolVersion":"\#(revision)","#
            + #""capabilities":{"tools":{}},"serverInfo":{"name":"played","version":"1"}}}"#
    }

    /// Plays the opening of a streamable server that has no stream of its own.
    func openStreamable(session: String? = "s-1", revision: String = "2025-11-25") async throws {
        try await playInitialize(session: session, revision: revision)
        try await request("POST").respond(status: 202)
        try await request("GET").respond(status: 405)
        #expect(await next() == "ready, revision \(revision)")
    }

    /// Answers the next `initialize`.
    @discardableResult
    func playInitialize(session: String? = "s-1", revision: String = "2025-11-25") async throws -> TestHTTPExchange {
        let initialize = try await request("POST")
        #expect(initialize.text.contains(#""method":"initialize""#))
        let sessionHeader = session.map { [("Mcp-Session-Id", $0)] } ?? []
        initialize.respondJSON(Self.initializeResult(revision: revision), headers: sessionHeader)
        return initialize
    }

    /// Plays the opening of an HTTP+SSE server, and returns its stream.
    func openSSE(endpoint: String = "/messages?id=1") async throws -> TestHTTPExchange {
        let stream = try await request("GET")
        stream.beginEvents()
        stream.write("event: endpoint\ndata: \(endpoint)\n\n")
        try await request("POST").respond(status: 202)
        stream.event(Self.initializeResult())
        try await request("POST").respond(status: 202)
        #expect(await next() == "ready, revision 2025-11-25")
        return stream
    }
}

extension TestHTTPExchange {
    /// Answers with JSON.
    func respondJSON(_ json: String, status: Int = 200, headers: [(String, String)] = []) {
        respond(status: status, headers: [("Content-Type", "application/json")] + headers, body: json)
    }

    /// Adds a message to a stream of events.
    func event(_ json: String, id: String? = nil) {
        write("\(id.map { "id: \($0)\n" } ?? "")event: message\ndata: \(json)\n\n")
    }
}
