import JSONRPC
import Logging
import MCP
import NIOCore
import NIOPosix
import Supervision
import TestSupport
import Testing

/// A managed server on a loop of its own, whose connections the test plays.
struct ServerUnderTest {
    let server: ManagedServer
    let connector: ScriptedConnector

    /// Runs `body` beside a running server, and stops the server afterwards.
    static func with(
        callTimeout: Duration = .seconds(60), callMaximum: Duration = .seconds(60),
        questionTimeout: Duration = .seconds(60),
        repairInterval: Duration = .seconds(60),
        restart: RestartPolicy = RestartPolicy(initial: .milliseconds(1)), probe: ProbePolicy = .off,
        launch: ServerSpecification.Launch = .process(ProcessCommand(command: "scripted")),
        log: RecordedLog? = nil,
        script: (@Sendable (ScriptedConnection) -> Void)? = nil,
        _ body: (ServerUnderTest) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connector = ScriptedConnector(script: script)
        let specification = ServerSpecification(
            name: "scripted", launch: launch, stopTimeout: .milliseconds(20), callTimeout: callTimeout,
            callMaximum: callMaximum, questionTimeout: questionTimeout, restart: restart, probe: probe)
        var logger = log?.logger ?? Logger(label: "test")
        if log == nil { logger.logLevel = .critical }
        let server = ManagedServer(
            specification, on: group.next(), connector: connector, repairInterval: repairInterval, logger: logger)
        await server.start()
        try await body(ServerUnderTest(server: server, connector: connector))
        await server.leave()
        connector.endEverything()
        await server.untilGone()
        try await group.shutdownGracefully()
    }

    /// Makes a call for `caller` and returns where its answer will arrive.
    func call(_ line: String, by caller: UInt64 = 1) async throws -> CollectingSink {
        let sink = CollectingSink()
        let message = try Message(ByteBuffer(string: line))
        let id = try #require(message.id)
        await server.call(message, id: id, by: CallerID(caller), sink: sink)
        return sink
    }

    /// Passes on a client's notification of cancellation.
    func cancel(_ id: String, by caller: UInt64 = 1) async throws {
        let line = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
        await server.cancel(try Message(ByteBuffer(string: line)), by: CallerID(caller))
    }
}
