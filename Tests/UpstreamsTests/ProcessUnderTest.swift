import JSONRPC
import Logging
import MCP
import NIOCore
import NIOPosix
import Supervision
import TestSupport
import Testing

@testable import Upstreams

/// A managed server with a real process, on a loop of its own.
struct ProcessUnderTest {
    let server: ManagedServer
    let log: LogStream
    private let snapshots: AsyncStream<ServerSnapshot>

    /// Runs `body` beside a started fixture server, and stops the server afterwards.
    static func with(
        _ arguments: String..., limits: TestLimits = TestLimits(), _ body: (ProcessUnderTest) async throws -> Void
    ) async throws {
        try await with(command: Programs.fixture(arguments), limits: limits, body)
    }

    /// Runs `body` beside a started server, and stops the server afterwards.
    static func with(
        command: ProcessCommand, limits: TestLimits = TestLimits(), _ body: (ProcessUnderTest) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connector = StdioConnector(
            spawner: try Programs.spawner.get(), gatewayName: "gateway", gatewayVersion: "1",
            backlogLimit: limits.backlog, probePatience: .seconds(60))
        let log = LogStream()
        let server = ManagedServer(
            limits.specification(command), on: group.next(), connector: connector, logger: log.logger)
        let (snapshots, continuation) = AsyncStream.makeStream(of: ServerSnapshot.self)
        await server.observe { continuation.yield($0) }
        await server.start()
        do {
            try await body(ProcessUnderTest(server: server, log: log, snapshots: snapshots))
        } catch {
            await server.leave()
            throw error
        }
        await server.leave()
        await server.untilGone()
        try await group.shutdownGracefully()
    }

    /// Waits for the next snapshot in which the server is in this phase.
    @discardableResult
    func until(_ phase: ServerSnapshot.Phase) async throws -> ServerSnapshot {
        try #require(await snapshots.first { $0.phase == phase })
    }

    /// Waits for the end of the present life, or of the next one that ends, and returns its number and how it ended.
    func untilExit(of generation: Int) async throws -> ExitReport {
        let isOver = { @Sendable (snapshot: ServerSnapshot) in
            snapshot.generation > generation
                || snapshot.generation == generation && [.backingOff, .stopped, .failed].contains(snapshot.phase)
        }
        return try #require(await snapshots.first(where: isOver)?.lastExit)
    }

    /// Waits until the server is ready and `Programs.pauseUntilUserSignal` has begun.
    func untilPaused() async throws -> ServerSnapshot {
        let ready = try await until(.ready)
        _ = try #require(await log.standardErrorLine(startingWith: "paused"))
        return ready
    }

    /// Makes a call for `caller` and returns where its answer will arrive.
    func call(_ line: String, by caller: UInt64 = 1) async throws -> CollectingSink {
        let sink = CollectingSink()
        let message = try Message(ByteBuffer(string: line))
        let id = try #require(message.id)
        await server.call(message, id: id, by: CallerID(caller), sink: sink)
        return sink
    }

    /// Calls a tool of the fixture's.
    func callTool(
        _ name: String, _ arguments: String = "{}", id: String = #""call""#, by caller: UInt64 = 1
    ) async throws -> CollectingSink {
        try await call(Self.toolCall(name, arguments, id: id), by: caller)
    }

    /// The text of the answer to a call of a tool.
    func tool(_ name: String, _ arguments: String = "{}", id: String = #""call""#) async throws -> String {
        try await callTool(name, arguments, id: id).nextText()
    }

    /// Passes on a client's notification of cancellation.
    func cancel(_ id: String, by caller: UInt64 = 1) async throws {
        let line = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
        await server.cancel(try Message(ByteBuffer(string: line)), by: CallerID(caller))
    }

    static func toolCall(_ name: String, _ arguments: String, id: String) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(name)","arguments":\#(arguments)}}"#
    }
}

/// What a test makes tighter than it would be in service.
struct TestLimits {
    var startTimeout = Duration.seconds(60)
    var stopTimeout = Duration.seconds(20)
    var restart = RestartPolicy(initial: .milliseconds(1), max: .milliseconds(1), attempts: 1000)
    var probe = ProbePolicy.off
    var message = 64 << 20
    var backlog = 64 << 20
    /// Most tests run a program that answers the first line it reads, which has to be `initialize`.
    var era = ServerEra.legacy

    func specification(_ command: ProcessCommand) -> ServerSpecification {
        ServerSpecification(
            name: "fixture", launch: .process(command), era: era, startTimeout: startTimeout, stopTimeout: stopTimeout,
            restart: restart, probe: probe, messageLimit: message)
    }
}
