import Glibc
import JSONRPC
import Logging
import NIOCore
import Testing

@testable import GatewayLog

@Suite("Log record")
struct LogRecordTests {
    private static let moment = timespec(tv_sec: 1_795_350_283, tv_nsec: 7_654_321)

    private static func record(
        _ message: String = "text", _ metadata: Logger.Metadata = [:], level: Logger.Level = .info
    ) -> LogRecord {
        LogRecord(time: moment, level: level, message: message, metadata: metadata)
    }

    @Test(
        "a line for people has the server first, what the text leads to, pairs in the order of LogField, the reason last"
    )
    func line() {
        let fields: [LogField: Logger.MetadataValue] = [
            .reason: "was killed by signal 9", .pid: "42", .server: "postgres", .generation: "3", .signal: "9",
        ]
        #expect(
            LogRecord(.serverEnded, fields).line
                == "postgres: server ended generation=3 pid=42: was killed by signal 9")
        #expect(
            LogRecord(.gatewayListening, [.url: "unix:/run/a", .reason: "passed"]).line
                == "listening on unix:/run/a: passed")
        #expect(Self.record("2 + 2 = 4", ["server": "math", "stream": "stderr"]).line == "math (stderr): 2 + 2 = 4")
        #expect(
            Self.record("text", ["zeta": "a b", "count": "1", "alpha": "="]).line
                == #"text count=1 alpha="=" zeta="a b""#)
    }

    @Test(
        "no control character reaches a terminal, from wherever it comes",
        arguments: ["\n", "\r", "\u{1B}[2J", "\u{7F}", "\u{9B}2J", "\0"])
    func controlCharacters(text: String) {
        let line = Self.record("a\(text)b", ["server": "c\(text)d", "k\(text)": "e\(text)f", "reason": "g\(text)h"])
            .line
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    }

    @Test(
        "nor does one in a JSON object, which still says what it was",
        arguments: ["\n", "\r", "\u{1B}[2J", "\u{7F}", "\u{9B}2J", "\0", "\u{85}\u{80}\u{9F}"])
    func controlCharactersInJSON(text: String) throws {
        let json = Self.record("a\(text)b", ["server": "c\(text)d", "k\(text)": "e\(text)f"]).json
        #expect(!json.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        let members = try #require(JSONOutline.members(of: ByteBuffer(string: json)))
        let values = members.map { JSONOutline.string($0.value) }
        for value in ["a\(text)b", "c\(text)d", "e\(text)f"] { #expect(values.contains(value)) }
        #expect(members.contains { $0.key == "k\(text)" })
    }

    @Test("a JSON text for a terminal means the same, and of others nothing changes")
    func terminals() {
        #expect("{\r\"é\u{9B}\u{7F}\": 1}".jsonForTerminals == #"{ "é\u009b\u007f": 1}"#)
        #expect(#"{"é": "\u001b"}"#.jsonForTerminals == #"{"é": "\u001b"}"#)
    }

    @Test("a JSON object holds the time, the level, the event, the text, and the fields under their names")
    func json() {
        let fields: [LogField: Logger.MetadataValue] = [.server: "a\"b", .generation: "3", .pid: "42"]
        let json = LogRecord(.serverSpawned, fields).json
        #expect(json.hasPrefix(#"{"time":"20"#))
        #expect(
            json.hasSuffix(
                #"Z","level":"info","event":"server-spawned","message":"server spawned","server":"a\"b","generation":3,"#
                    + #""pid":42}"#))
        #expect(
            Self.record("a\nb", ["level": "x", "count": "many"], level: .warning).json
                == #"{"time":"2026-11-22T12:24:43.007Z","level":"warning","message":"a\nb","count":"many","level_":"x"}"#
        )
    }

    @Test("what a logger adds, the call adds to; the event is told by its type, not by its key")
    func handler() {
        let collector = CollectingSink()
        let queue = LogQueue(collector)
        var logger = Logger(label: "test") { _ in QueuedLogHandler(queue, level: .info) }
        logger[metadataKey: "server"] = "fetch"
        logger.log(.serverSpawned, [.pid: "1", .generation: "2"])
        logger.info("plain", metadata: ["event": "mine", "server": "other"])
        logger.log(.serverSpawned, at: .error)
        logger.log(.answerDropped)
        queue.flush(atMost: 30)
        #expect(
            collector.lines == [
                "info server-spawned fetch: server spawned generation=2 pid=1",
                "info - other: plain event=mine",
                "error server-spawned fetch: server spawned",
            ])
    }

    @Test("fields are made only for what is logged")
    func laziness() {
        let queue = LogQueue(CollectingSink())
        let logger = Logger(label: "test") { _ in QueuedLogHandler(queue, level: .info) }
        func never() -> [LogField: Logger.MetadataValue] {
            Issue.record("asked for the fields of an entry that is not logged")
            return [:]
        }
        logger.log(.notificationDropped, never())
    }

    @Test(
        "long texts are cut between characters", arguments: [("abc", 3, "abc"), ("abcd", 3, "abc…"), ("ééé", 3, "ééé")])
    func cut(text: String, limit: Int, expected: String) {
        #expect(text.cut(to: limit) == expected)
    }
}
