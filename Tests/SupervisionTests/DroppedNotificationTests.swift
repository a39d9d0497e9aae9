import JSONRPC
import MCP
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
        try await PoolUnderTest.with(Isolation(mode: .session), meter: tally) { test in
            let first = try await test.next()
            first.emit(Self.novel)
            first.emit(Self.log)
            first.emit(Self.completion)
            first.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            // Comes when everything that was emitted before has been taken.
            await test.act { _ in }
            #expect(tally.reasons == [.unknown, .unattributed, .unattributed])

            // What only the one session of an instance can be meant by reaches it, but for tasks, which it knows not.
            _ = try await test.call(PoolUnderTest.caller(1))
            let second = try await test.next()
            second.emit(Self.novel)
            second.emit(#"{"jsonrpc":"2.0","method":"notifications/tasks/status"}"#)
            await test.act { _ in }
            #expect(tally.reasons == [.unknown, .unattributed, .unattributed, .unknown])
        }
    }
}
