import CSystemd
import GatewayLog
import Glibc
import Logging
import Synchronization
import Testing

@testable import Systemd

@Suite("Journal")
struct JournalEntryTests {
    /// Stands for sd_journal_sendv, and keeps what it is given.
    private final class Journal: Sendable {
        let result: Int32
        private let entries = Mutex<[[[UInt8]]]>([])

        init(result: Int32 = 0) { self.result = result }

        /// The last entry: its fields as text.
        var fields: [String] {
            entries.withLock { ($0.last ?? []).map { String(decoding: $0, as: UTF8.self) } }
        }

        func send(_ fields: UnsafePointer<iovec>, _ count: Int32) -> Int32 {
            let entry = UnsafeBufferPointer(start: fields, count: Int(count)).map { field in
                Array(UnsafeRawBufferPointer(start: field.iov_base, count: field.iov_len))
            }
            entries.withLock { $0.append(entry) }
            return result
        }
    }

    private static func sent(_ log: (Logger) -> Void) -> [String] {
        let journal = Journal()
        let queue = LogQueue(JournalSink(identifier: "mcp-gateway", fallback: Refusing(), send: journal.send))
        log(Logger(label: "test") { _ in QueuedLogHandler(queue, level: .debug) })
        queue.flush(atMost: 30)
        return journal.fields
    }

    /// Stands where nothing should arrive.
    private struct Refusing: LogSink {
        func write(_ record: LogRecord) { Issue.record("the fallback got \(record.line)") }
    }

    @Test("an event has its id, its priority, and every field under the journal's name for it")
    func event() {
        let fields = Self.sent { logger in
            logger.log(
                .serverEnded, [.server: "postgres", .generation: "3", .pid: "42", .signal: "9", .reason: "killed"])
        }
        #expect(
            fields == [
                "MESSAGE=postgres: server ended generation=3 pid=42: killed", "PRIORITY=4",
                "SYSLOG_IDENTIFIER=mcp-gateway", "MESSAGE_ID=\(GatewayEvent.serverEnded.definition.id)",
                "MCP_EVENT=server-ended", "MCP_SERVER=postgres", "MCP_GENERATION=3", "MCP_PID=42", "MCP_SIGNAL=9",
                "MCP_REASON=killed",
            ])
    }

    @Test("a line of a server's stderr is of no event, and says where it comes from")
    func standardError() {
        let fields = Self.sent { $0.info("pool = empty", metadata: ["server": "db", "stream": "stderr"]) }
        #expect(
            fields == [
                "MESSAGE=db (stderr): pool = empty", "PRIORITY=6", "SYSLOG_IDENTIFIER=mcp-gateway", "MCP_SERVER=db",
                "MCP_STREAM=stderr",
            ])
    }

    @Test("a value keeps its lines and equals signs and begins no other field; the text stays on one line")
    func newlines() {
        let fields = Self.sent { $0.log(.gatewayStatus, [.summary: "a = b\nMESSAGE_ID=0\n\u{1B}[31mπ"]) }
        #expect(
            fields.first == "MESSAGE=gateway status: a = b MESSAGE_ID=0  [31mπ")
        #expect(fields.last == "MCP_SUMMARY=a = b\nMESSAGE_ID=0\n [31mπ")
        #expect(fields.count == 6)
    }

    @Test("keys that are not the gateway's become fields of their own")
    func foreignKeys() {
        let fields = Self.sent { $0.debug("stopping", metadata: ["service-name": "front", "_pid": "1"]) }
        #expect(fields.suffix(2) == ["MCP__PID=1", "MCP_SERVICE_NAME=front"])
    }

    @Test("what the journal does not take goes to the fallback", arguments: [(-ENOBUFS, 1), (0, 0)])
    func fallback(result: Int32, written: Int) {
        let lines = Lines()
        let fallback = LineSink(.text, isJournal: true) { lines.append($0) }
        let journal = Journal(result: result)
        JournalSink(identifier: "mcp-gateway", fallback: fallback, send: journal.send)
            .write(LogRecord(level: .error, message: "lost?", metadata: [:]))
        #expect(lines.lines == Array(repeating: "<3>lost?\n", count: written))
        #expect(journal.fields.first == "MESSAGE=lost?")
    }
}
