import Downstream
import GatewayCore
import JSONRPC
import Logging
import NIOCore
import NIOPosix
import Supervision
import Synchronization
import TestSupport

/// A front on a free port of the loopback interface, over a real gateway whose servers are played by the test.
struct TestGateway: Sendable {
    /// One server of the gateway.
    struct Server: Sendable {
        var name: String
        var tokens: [String] = []
        var required = false
        /// Whether it completes its handshake by itself.
        var becomesReady = true
        var isDisabled = false
        var logsRequests = false
        var forwardedHeaders: [String] = []
    }

    let front: HTTPFront
    let gateway: Gateway
    private let connector: ScriptedConnector

    /// The next connection that the gateway has opened to a server.
    func upstream() async throws -> ScriptedConnection {
        guard let connection = await connector.nextConnection() else { throw TestConnection.Failure.closed }
        return connection
    }

    var port: Int { front.localAddresses.first?.port ?? 0 }

    func connect() async throws -> TestConnection {
        guard let address = front.localAddresses.first else { throw TestConnection.Failure.closed }
        return try await TestConnection.open(address)
    }

    /// Sends one request over a connection of its own.
    func exchange(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: String? = nil
    ) async throws -> TestConnection.Response {
        let connection = try await connect()
        let response = try await connection.exchange(method, path, headers, body: body)
        try? await connection.close()
        return response
    }

    /// Settings under which no answer becomes a stream only because the machine that runs the tests is busy.
    static var patient: FrontSettings {
        var settings = FrontSettings()
        settings.deferredAnswerDelay = .seconds(30)
        return settings
    }

    static let json = ["Content-Type": "application/json", "Accept": "application/json, text/event-stream"]

    static let initialize = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
        "clientInfo":{"name":"test","version":"1"}}}
        """

    /// Opens a session over streamable HTTP and returns the headers that use it.
    func session(
        _ name: String = "fetch", _ headers: [String: String] = [:], revision: String = "2025-06-18"
    ) async throws -> [String: String] {
        let headers = Self.json.merging(headers) { $1 }
        let initialize = Self.initialize.replacing("2025-06-18", with: revision)
        let response = try await exchange("POST", "/\(name)/mcp", headers, body: initialize)
        guard let id = response.headers["mcp-session-id"] else {
            throw TestConnection.Failure.malformed("no session: \(response)")
        }
        return headers.merging(["Mcp-Session-Id": id]) { $1 }
    }

    /// Opens an SSE stream and returns it with the path to POST to.
    func stream(
        _ path: String = "/fetch/sse", _ headers: [String: String] = [:]
    ) async throws -> (connection: TestConnection, endpoint: String) {
        let connection = try await connect()
        try await connection.request("GET", path, headers.merging(["Accept": "text/event-stream"]) { $1 })
        let head = try await connection.head()
        guard head.status == 200, let event = try await connection.event(),
            event.hasPrefix("event: endpoint\ndata: ")
        else { throw TestConnection.Failure.malformed("no endpoint: \(head)") }
        return (connection, String(event.dropFirst("event: endpoint\ndata: ".count)))
    }

    /// Initializes the session of an SSE stream.
    func initialize(_ stream: (connection: TestConnection, endpoint: String)) async throws {
        _ = try await exchange("POST", stream.endpoint, Self.json, body: Self.initialize)
        _ = try await stream.connection.message()
    }

    /// Runs `body` against a gateway, and stops it afterwards.
    ///
    /// The servers answer `tools/list` and every `tools/call` but those of the tool `hold`, which the test answers.
    static func run(
        _ servers: [Server] = [Server(name: "fetch")], settings: FrontSettings = patient,
        limits: GatewayLimits = GatewayLimits(), at points: [ListenPoint] = [.tcp(host: "127.0.0.1", port: 0)],
        logger: Logger? = nil, answer: @escaping @Sendable (Message) -> String? = answer,
        _ body: @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        var logger = logger ?? Logger(label: "test")
        if logger.label == "test" { logger.logLevel = .critical }
        let ready = servers.allSatisfy(\.becomesReady)
        let connections = Mutex<[ScriptedConnection]>([])
        let connector = ScriptedConnector { connection in
            connections.withLock { $0.append(connection) }
            connection.respond(answer)
            if ready { connection.becomeReady() }
        }
        let supervisor = Supervisor(
            servers.map { server in
                ServerSpecification(
                    name: server.name,
                    launch: server.isDisabled ? .disabled : .process(ProcessCommand(command: "scripted")),
                    required: server.required)
            }, on: eventLoop, connector: connector, logger: logger)
        let routes = zip(servers, await supervisor.pools).map { server, pool in
            Route(
                name: server.name, server: pool, access: AccessRules(tokens: server.tokens),
                forwardedHeaders: server.forwardedHeaders,
                accessLog: server.logsRequests ? AccessLog(server: server.name, logger: logger) : nil)
        }
        let gateway = Gateway(eventLoop: eventLoop, routes: routes, limits: limits)
        let front: HTTPFront
        do {
            front = try await HTTPFront.start(at: points, gateway: gateway, settings: settings, logger: logger)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        async let supervision: Void = supervisor.run()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(TestGateway(front: front, gateway: gateway, connector: connector)))
        } catch {
            result = .failure(error)
        }
        await front.shutdown()
        await gateway.closeAllSessions()
        await supervisor.stop()
        for connection in connections.withLock({ $0 }) {
            connection.emit(.ended(.exited(status: 0), isPermanent: false))
        }
        await supervision
        try await group.shutdownGracefully()
        try result.get()
    }

    @Sendable
    static func answer(_ message: Message) -> String? {
        guard let id = message.id.map({ String(buffer: $0.json) }), message.kind == .request else { return nil }
        guard message.isMethod("tools/call") else { return #"{"jsonrpc":"2.0","id":\#(id),"result":{"tools":[]}}"# }
        guard message.paramsName != "hold" else { return nil }
        let tool = JSONText.quoted(message.paramsName ?? "")
        return #"{"jsonrpc":"2.0","id":\#(id),"result":{"content":[],"tool":\#(tool)}}"#
    }

    /// A `tools/call`.
    static func call(_ tool: String, id: String, meta: String? = nil) -> String {
        let meta = meta.map { #","_meta":\#($0)"# } ?? ""
        return #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)"\#(meta)}}"#
    }
}

extension ScriptedConnection {
    /// Waits for the next message that the gateway sends with this method, and returns it.
    func next(_ method: String) async throws -> Message {
        while let bytes = await sent.first(where: { _ in true }) {
            let message = try Message(bytes)
            if message.methodName == method { return message }
        }
        throw TestConnection.Failure.closed
    }
}

extension Message {
    /// The id as JSON text.
    var idText: String { id.map { String(buffer: $0.json) } ?? "" }
}
