import JSONRPC
import Logging
import MCP
import NIOCore
import NIOPosix
import Supervision
import TestSupport
import Testing

/// A pool before a scripted server, with whom the test plays.
struct PoolUnderTest {
    let supervisor: Supervisor
    let pool: InstancePool
    let connector: ScriptedConnector

    /// Makes a call and returns where its answer will arrive.
    func call(_ caller: Caller, id: Int = 1) async throws -> CollectingSink {
        let sink = CollectingSink()
        let message = try Message(Questions.call(id))
        await act { $0.call(message, id: RequestID(id), by: caller, headers: [], sink: sink) }
        return sink
    }

    /// Makes the only call of a caller and returns where its answer will arrive.
    func callOnce(_ caller: Caller, observer: RecordingObserver) async throws -> CollectingSink {
        let sink = CollectingSink()
        let message = try Message(Questions.call(1))
        await act {
            $0.callOnce(message, id: RequestID(1), by: caller, observer: observer, headers: [], sink: sink)
        }
        return sink
    }

    func act<Value: Sendable>(_ action: @escaping @Sendable (InstancePool) -> Value) async -> Value {
        await pool.act(action)
    }

    /// The next instance, which becomes ready.
    func next() async throws -> ScriptedConnection {
        let connection = try #require(await connector.nextConnection())
        connection.becomeReady()
        return connection
    }

    static func caller(
        _ number: UInt64, _ principal: String = "p", capabilities: String = "{}",
        revision: ProtocolRevision = .newestLegacy
    ) -> Caller {
        Caller(
            CallerID(number),
            ClientProfile(
                principal: PrincipalKey(Array(principal.utf8)),
                capabilities: ClientCapabilities(json: ByteBuffer(string: capabilities)), revision: revision))
    }

    static func with(
        _ isolation: Isolation, meter: (any CallMeter)? = nil, _ body: (PoolUnderTest) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connector = ScriptedConnector()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let specification = ServerSpecification(
            name: "scripted", launch: .process(ProcessCommand(command: "scripted")), stopTimeout: .milliseconds(10),
            isolation: isolation)
        var meters: (@Sendable (String) -> any CallMeter)?
        if let meter { meters = { _ in meter } }
        let supervisor = Supervisor(
            [specification], on: group.next(), connector: connector, meters: meters, logger: logger)
        let pool = try #require(await supervisor.pools.first)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await supervisor.run() }
            try await body(PoolUnderTest(supervisor: supervisor, pool: pool, connector: connector))
            await supervisor.stop()
            connector.endEverything()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }
}

extension InstancePool {
    /// Does something on its loop.
    fileprivate func act<Value: Sendable>(_ action: @Sendable (InstancePool) -> Value) -> Value { action(self) }
}
