import Dispatch
import GatewayLog
import Logging
import Synchronization
import Testing

@Suite("Log queue", .timeLimit(.minutes(1)))
struct LogQueueTests {
    /// Takes nothing until it is opened.
    private final class Gate: LogSink {
        let collector = CollectingSink()
        let reached = DispatchSemaphore(value: 0)
        private let isOpen = DispatchSemaphore(value: 0)

        func write(_ record: LogRecord) {
            reached.signal()
            isOpen.wait()
            isOpen.signal()
            collector.write(record)
        }

        func open() { isOpen.signal() }
    }

    private static func record(_ text: String) -> LogRecord {
        LogRecord(level: .info, message: text, metadata: [:])
    }

    @Test("a sink that takes nothing holds nobody up; what is beyond the bound is counted, the rest comes in order")
    func bound() {
        let gate = Gate()
        let queue = LogQueue(gate)
        for number in 1...LogQueue.capacity + 7 { queue.add(Self.record("entry \(number)")) }
        gate.open()
        queue.flush(atMost: 30)
        let lines = gate.collector.lines
        let entries = lines.filter { !$0.contains("log-dropped") }
        #expect(entries == (1...LogQueue.capacity).map { "info - entry \($0)" })
        #expect(
            lines.filter { $0.contains("log-dropped") } == [
                "warning log-dropped log entries were dropped, because they were not taken in time count=7"
            ])
        queue.add(Self.record("after"))
        queue.flush(atMost: 30)
        #expect(gate.collector.lines.last == "info - after")
    }

    @Test("who waits for the end of the log does not wait for ever")
    func flush() {
        let gate = Gate()
        let queue = LogQueue(gate)
        queue.add(Self.record("entry"))
        gate.reached.wait()
        queue.flush(atMost: 0)
        #expect(gate.collector.lines.isEmpty)
        gate.open()
    }
}
