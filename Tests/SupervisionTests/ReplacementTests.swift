import JSONRPC
import Logging
import NIOCore
import NIOPosix
import Supervision
import TestSupport
import Testing

@Suite("A server that takes another's place")
struct ReplacementTests {
    private static let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#

    private static func specification(_ command: String) -> ServerSpecification {
        ServerSpecification(
            name: "scripted", launch: .process(ProcessCommand(command: command)), stopTimeout: .milliseconds(10))
    }

    /// Runs a supervisor of one scripted server.
    private static func with(
        _ body: (Supervisor, ScriptedConnector) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connector = ScriptedConnector()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let supervisor = Supervisor([specification("old")], on: group.next(), connector: connector, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await supervisor.run() }
            try await body(supervisor, connector)
            await supervisor.stop()
            connector.endEverything()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }

    private static func call(_ server: ManagedServer) async throws -> CollectingSink {
        let sink = CollectingSink()
        await server.call(try Message(ByteBuffer(string: line)), id: RequestID(1), by: CallerID(1), sink: sink)
        return sink
    }

    @Test("calls that waited for the old one go to the new one, and the old one is stopped")
    func waitingCalls() async throws {
        try await Self.with { supervisor, connector in
            let old = try #require(await connector.nextConnection())
            let sink = try await Self.call(try #require(await supervisor.servers.first))
            let retired = await supervisor.apply([Self.specification("new")])
            #expect(retired.map(\.specification) == [Self.specification("old")])
            for server in retired { await supervisor.retire(server, grace: .seconds(60)) {} }
            let new = try #require(await connector.nextConnection())
            new.respond { _ in #"{"jsonrpc":"2.0","id":1,"result":{"from":"new"}}"# }
            new.becomeReady()
            #expect(await sink.nextText().contains(#""from":"new""#))
            #expect(await old.steps.first { _ in true } == .closeInput)
            old.emit(.ended(.exited(status: 0), isPermanent: false))
        }
    }

    @Test("the old one answers what it was asked before it is stopped")
    func callsInFlight() async throws {
        try await Self.with { supervisor, connector in
            let old = try #require(await connector.nextConnection())
            old.becomeReady()
            let sink = try await Self.call(try #require(await supervisor.servers.first))
            _ = await old.sent.first { _ in true }
            for server in await supervisor.apply([]) { await supervisor.retire(server, grace: .seconds(60)) {} }
            #expect(await supervisor.servers.isEmpty)
            old.emit(#"{"jsonrpc":"2.0","id":1,"result":{"from":"old"}}"#)
            #expect(await sink.nextText().contains(#""from":"old""#))
            #expect(await old.steps.first { _ in true } == .closeInput)
            old.emit(.ended(.exited(status: 0), isPermanent: false))
        }
    }

    @Test("what the old one has not answered when the grace is over gets an error")
    func graceIsOver() async throws {
        try await Self.with { supervisor, connector in
            let old = try #require(await connector.nextConnection())
            old.becomeReady()
            let sink = try await Self.call(try #require(await supervisor.servers.first))
            _ = await old.sent.first { _ in true }
            for server in await supervisor.apply([]) { await supervisor.retire(server, grace: .zero) {} }
            guard case .unavailable = await sink.next() else {
                Issue.record("the call was not given up")
                return
            }
            old.emit(.ended(.exited(status: 0), isPermanent: false))
        }
    }

    @Test("a server of the same specification is the same object")
    func kept() async throws {
        try await Self.with { supervisor, connector in
            let before = await supervisor.servers
            #expect(await supervisor.apply([Self.specification("old")]).isEmpty)
            #expect(await supervisor.servers.elementsEqual(before) { $0 === $1 })
        }
    }
}
