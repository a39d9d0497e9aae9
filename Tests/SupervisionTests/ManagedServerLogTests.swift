import GatewayLog
import JSONRPC
import Logging
import NIOCore
import Supervision
import TestSupport
import Testing

/// What is said of a server in the log.
@Suite("Log of a server", .timeLimit(.minutes(1)))
struct ManagedServerLogTests {
    private static let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#

    @Test("a life is told by its events, each with the server, the generation and what there is to know")
    func life() async throws {
        let log = RecordedLog()
        try await ServerUnderTest.with(log: log) { test in
            let first = try #require(await test.connector.nextConnection())
            first.emit(.spawned(processID: 4711))
            first.becomeReady()
            first.emit(.standardError(line: "out of cheese"))
            first.emit(.ended(.signalled(9), isPermanent: false))

            let starting = try #require(await log.next())
            #expect(starting.event == .serverStarting && starting[.phase] == "starting")
            #expect(starting[.server] == "scripted" && starting[.generation] == "1")
            let spawned = try #require(await log.next())
            #expect(spawned.event == .serverSpawned && spawned[.pid] == "4711" && spawned[.generation] == "1")
            let ready = try #require(await log.next())
            #expect(ready.event == .serverReady && ready.level == .info && ready[.phase] == "ready")
            #expect(try #require(ready[.duration].flatMap(Int.init)) >= 0)
            let said = try #require(await log.next())
            #expect(said.event == nil && said.message == "out of cheese" && said[.stream] == "stderr")
            let ended = try #require(await log.next())
            #expect(ended.event == .serverEnded && ended.level == .warning)
            #expect(ended[.pid] == "4711" && ended[.signal] == "9" && ended[.exitStatus] == nil)
            #expect(ended[.reason] == #"was killed by signal 9; last stderr line: "out of cheese""#)
            // One crash of a working server costs no wait.
            let again = try #require(await log.next())
            #expect(again.event == .serverStarting && again[.generation] == "2")
        }
    }

    @Test("an end that was asked for is no warning")
    func stop() async throws {
        let log = RecordedLog()
        try await ServerUnderTest.with(log: log) { test in
            try #require(await test.connector.nextConnection()).becomeReady()
            _ = await log.next(.serverReady)
            await test.server.restart()
            _ = await log.next(.serverStopping)
            test.connector.endEverything()
            let ended = try #require(await log.next(.serverEnded))
            #expect(ended.level == .info && ended[.exitStatus] == "0")
        }
    }

    @Test("a server that fails too often is said to be given up, once per try, and its waits are in the field")
    func gaveUp() async throws {
        let log = RecordedLog(.warning)
        let policy = RestartPolicy(initial: .milliseconds(1), max: .milliseconds(1), attempts: 2)
        let fails: @Sendable (ScriptedConnection) -> Void = { $0.emit(.ended(.exited(status: 3), isPermanent: false)) }
        try await ServerUnderTest.with(restart: policy, log: log, script: fails) { _ in
            var events: [GatewayEvent?] = []
            var last = try #require(await log.next())
            events.append(last.event)
            while last.event != .serverGaveUp {
                last = try #require(await log.next())
                events.append(last.event)
            }
            let once: [GatewayEvent?] = [.serverEnded, .serverBackingOff]
            #expect(events == once + once + [.serverEnded, .serverGaveUp])
            #expect(last.level == .error && last[.phase] == "backing-off")
            #expect(try #require(last[.nextStart].flatMap(Int.init)) > 1_000_000)
        }
    }

    @Test("a server that cannot be run is an error, with the reason")
    func failed() async throws {
        let log = RecordedLog(.error)
        try await ServerUnderTest.with(log: log) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.emit(.ended(.notStarted(reason: "no such file"), isPermanent: true))
            let failed = try #require(await log.next())
            #expect(failed.event == .serverFailed && failed[.reason]?.contains("no such file") == true)
        }
    }

    @Test("calls that are lost are counted, and so are those that were not answered in time")
    func calls() async throws {
        let log = RecordedLog()
        try await ServerUnderTest.with(callTimeout: .milliseconds(50), log: log) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            var sinks: [CollectingSink] = []
            for caller: UInt64 in 1...3 { sinks.append(try await test.call(Self.line, by: caller)) }
            for sink in sinks { #expect(await sink.nextText().contains("callTimeout")) }
            var count = 0
            while count < 3 { count += try #require(await log.next(.callTimedOut)?[.count].flatMap(Int.init)) }
            #expect(count == 3)
        }
        try await ServerUnderTest.with(log: log) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            var sinks: [CollectingSink] = []
            for caller: UInt64 in 1...3 { sinks.append(try await test.call(Self.line, by: caller)) }
            for _ in sinks { _ = await connection.nextSent() }
            connection.emit(.callLost(id: RequestID(json: ByteBuffer(string: "1")), reason: "closed the stream"))
            let one = try #require(await log.next(.callLost))
            #expect(one[.count] == "1" && one[.reason] == "closed the stream")
            connection.emit(.ended(.exited(status: 1), isPermanent: false))
            let others = try #require(await log.next(.callLost))
            #expect(others[.count] == "2" && others[.reason] == "exited with status 1")
        }
    }

    @Test("of a flood on stderr a part is logged and the rest counted, also when nothing comes after it")
    func standardErrorFlood() async throws {
        let log = RecordedLog()
        try await ServerUnderTest.with(log: log) { test in
            let connection = try #require(await test.connector.nextConnection())
            for number in 1...5000 { connection.emit(.standardError(line: "line \(number)")) }
            connection.emit(.ended(.exited(status: 1), isPermanent: false))
            var (lines, leftOut) = (0, 0)
            while let entry = await log.next(), entry.event != .serverEnded {
                if entry.event == .stderrFlood { leftOut += try #require(entry[.count].flatMap(Int.init)) }
                if entry[.stream] == "stderr" { lines += 1 }
            }
            #expect(lines >= 200 && leftOut > 0)
            #expect(lines + leftOut == 5000)
            #expect(await test.server.standardErrorLines().last == "line 5000")
        }
    }

    @Test("neither does a server flood the log with anything else, at whatever level that is logged")
    func otherFlood() async throws {
        let log = RecordedLog(.debug)
        try await ServerUnderTest.with(log: log) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            for _ in 1...500 {
                connection.emit(#"{"jsonrpc":"2.0","id":999,"result":{}}"#)
                connection.emit(#"{"jsonrpc":"2.0","method":"notifications/novel"}"#)
                connection.emit(.oversizedMessage(id: nil))
            }
            connection.emit(.ended(.exited(status: 1), isPermanent: false))
            var (entries, leftOut) = (0, 0)
            while let entry = await log.next(), entry.event != .serverEnded {
                switch entry.event {
                case .logFlood: leftOut += try #require(entry[.count].flatMap(Int.init))
                case .answerDropped, .notificationDropped, .messageTooLong: entries += 1
                default: break
                }
            }
            #expect(entries >= 20 && entries < 1500)
            #expect(entries + leftOut == 1500)
        }
    }

    @Test(
        "a line on stdout is quoted only if it does not look like a message",
        arguments: [
            ("Server listening on stdio", "Server listening on stdio"), ("  [1]{secret", nil), ("\t{\"secret\":", nil),
            ("", ""),
        ])
    func unusableOutput(line: String, head: String?) async throws {
        let log = RecordedLog()
        try await ServerUnderTest.with(log: log) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.emit(.unusableOutput(UnusableLine(ByteBuffer(string: line), reason: .notJSON(offset: 0))))
            let entry = try #require(await log.next(.outputUnusable))
            #expect(entry[.head] == head && entry[.count] == "1" && entry[.reason]?.isEmpty == false)
        }
    }
}
