import GatewayCore
import JSONRPC
import Logging
import NIOCore
import NIOPosix
import Supervision
import TestSupport
import Testing

/// A gateway with one route, whose server the test plays.
struct GatewayUnderTest {
    let gateway: Gateway
    let connector: ScriptedConnector
    let route: Route

    static func with(
        tokens: [String] = [], toolFilter: ToolFilter? = nil, limits: GatewayLimits = GatewayLimits(),
        required: Bool = false, startTimeout: Duration = .seconds(60), reporter: (any ReadinessReporter)? = nil,
        accessLog: AccessLog? = nil,
        _ body: (GatewayUnderTest) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connector = ScriptedConnector()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let specification = ServerSpecification(
            name: "scripted", launch: .process(ProcessCommand(command: "scripted")), required: required,
            startTimeout: startTimeout, stopTimeout: .milliseconds(10))
        let supervisor = Supervisor([specification], on: group.next(), connector: connector, logger: logger)
        let route = Route(
            name: "scripted", server: try #require(await supervisor.pools.first), access: AccessRules(tokens: tokens),
            toolFilter: toolFilter, accessLog: accessLog)
        let gateway = Gateway(eventLoop: group.next(), routes: [route], limits: limits, reporter: reporter)
        await supervisor.observe { [weak gateway] _ in gateway?.assumeIsolated { $0.serverChanged() } }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await supervisor.run() }
            try await body(GatewayUnderTest(gateway: gateway, connector: connector, route: route))
            await gateway.closeAllSessions()
            await supervisor.stop()
            connector.endEverything()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }

    /// The gateway's session of this id, asked for where it may be.
    func session(_ id: String, on route: Route, principal: Principal) async throws -> ClientSession? {
        try await gateway.eventLoop.submit { [gateway] in gateway.session(id, on: route, principal: principal) }.get()
    }

    /// A session that has been initialized with a server of these capabilities.
    func initializedSession(
        capabilities: String = #"{"tools":{}}"#
    ) async throws -> (session: ClientSession, connection: ScriptedConnection) {
        let connection = try #require(await connector.nextConnection())
        connection.becomeReady(capabilities: capabilities)
        let session = try await gateway.openSession(on: route, principal: .anonymous)
        let answer = try await session.send(Lines.initialize("2025-06-18")).nextText()
        #expect(answer.contains(#""protocolVersion":"2025-06-18""#))
        return (session, connection)
    }
}

extension ClientSession {
    /// Sends a request and returns where its answer will arrive.
    func send(_ line: String) async throws -> CollectingSink {
        let sink = CollectingSink()
        receive(try Message(ByteBuffer(string: line)), sink: sink)
        return sink
    }

    /// Sends a notification.
    func notify(_ line: String) throws {
        receive(try Message(ByteBuffer(string: line)))
    }
}

extension ScriptedConnection {
    /// Waits for the next message the gateway sends.
    func nextSent() async -> String? {
        await sent.first { _ in true }.map { String(buffer: $0) }
    }
}

enum Lines {
    static func initialize(_ revision: String) -> String {
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(revision)"}}"#
    }

    static func call(_ tool: String, id: String = "1") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)"}}"#
    }
}
