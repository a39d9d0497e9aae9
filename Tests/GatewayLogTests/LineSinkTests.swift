import GatewayLog
import Glibc
import Logging
import Synchronization
import Testing

@Suite("Line sink")
struct LineSinkTests {
    @Test("text has time and level, unless the journal reads it, which is told the level as sd-daemon(3) asks")
    func text() {
        #expect(Self.line(.text, isJournal: false) == "2026-11-22T12:24:43.000Z warning time: late\n")
        #expect(Self.line(.text, isJournal: true) == "<4>time: late\n")
    }

    @Test("a JSON object has them always, since whoever reads it reads nothing else")
    func json() {
        let object = #"{"time":"2026-11-22T12:24:43.000Z","level":"warning","message":"late","server":"time"}"#
        #expect(Self.line(.json, isJournal: false) == object + "\n")
        #expect(Self.line(.json, isJournal: true) == "<4>" + object + "\n")
    }

    @Test(
        "levels become the priorities of syslog(3)",
        arguments: zip(
            Logger.Level.allCases, [LOG_DEBUG, LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING, LOG_ERR, LOG_CRIT]))
    func priorities(level: Logger.Level, priority: Int32) {
        #expect(level.priority == Int(priority))
    }

    private static func line(_ format: LineSink.Format, isJournal: Bool) -> String {
        let written = Mutex("")
        LineSink(format, isJournal: isJournal) { line in written.withLock { $0 += line } }
            .write(
                LogRecord(
                    time: timespec(tv_sec: 1_795_350_283, tv_nsec: 0), level: .warning, message: "late",
                    metadata: ["server": "time"]))
        return written.withLock { $0 }
    }
}
