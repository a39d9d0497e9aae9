import JSONRPC
import Logging
import MCP
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Supervision

@Suite("Notifications that reach nobody", .timeLimit(.minutes(1)))
struct DroppedNotificationTests {
    private final class Tally: CallMeter {
        private let drops = Mutex<[DroppedNotification]>([])

        var reasons: [DroppedNotification] { drops.withLock(\.self) }

        func following(_ request: Message, into sink: any CallerSink) -> any CallerSink { sink }
        func sessionEnded(after duration: Duration) {}
        func notificationDropped(because reason: DroppedNotification) { drops.withLock { $0.append(reason) } }
    }

    private static let log =
        #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}"#
    private static let completion =
        #"{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{"elicitationId":"nobody's"}}"#
    private static let novel = #"{"jsonrpc":"2.0","method":"notifications/novel"}"#

    @Test("they are counted whether the log tells of them or not, by any instance of the server, and others are not")
    func counted() async throws {
        let tally = Tally()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connector = ScriptedConnector()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let specification = ServerSpecification(
            name: "scripted", launch: .process(ProcessCommand(command: "scripted")), stopTimeout: .milliseconds(10),
            isolation: Isolation(mode: .session))
        let supervisor = Supervisor(
            [specification], on: group.next(), connector: connector, meters: { _ in tally }, logger: logger)
        let pool = try #require(await supervisor.pools.first)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await supervisor.run() }
            let first = try #require(await connector.nextConnection())
            first.becomeReady()
            first.emit(Self.novel)
            first.emit(Self.log)
            first.emit(Self.completion)
            first.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            try await turn(group)
            #expect(tally.reasons == [.unknown, .unattributed, .unattributed])

            // What only the one session of an instance can be meant by reaches it, but for tasks, which it knows not.
            let caller = Caller(
                CallerID(1),
                ClientProfile(
                    principal: PrincipalKey(Array("p".utf8)),
                    capabilities: ClientCapabilities(json: ByteBuffer(string: "{}")), revision: .newestLegacy))
            let call = try Message(Questions.call(1))
            let sink = CollectingSink()
            group.next().execute {
                pool.assumeIsolated { $0.call(call, id: RequestID(1), by: caller, headers: [], sink: sink) }
            }
            let second = try #require(await connector.nextConnection())
            second.becomeReady()
            second.emit(Self.novel)
            second.emit(#"{"jsonrpc":"2.0","method":"notifications/tasks/status"}"#)
            try await turn(group)
            #expect(tally.reasons == [.unknown, .unattributed, .unattributed, .unknown])
            await supervisor.stop()
            connector.endEverything()
            try await tasks.waitForAll()
        }
        try await group.shutdownGracefully()
    }

    /// Returns when everything that was emitted before has been taken.
    private func turn(_ group: MultiThreadedEventLoopGroup) async throws {
        try await group.next().submit {}.get()
    }
}
