import GatewayLog
import JSONRPC
import Logging
import NIOCore
import Supervision
import TestSupport
import Testing

@testable import GatewayCore

@Suite("Access log", .timeLimit(.minutes(1)))
struct AccessLogTests {
    @Test("each request gets one entry: what was asked, how it ended, how long it took, in which session")
    func entries() async throws {
        let log = RecordedLog()
        let accessLog = AccessLog(server: "scripted", logger: log.logger)
        try await GatewayUnderTest.with(accessLog: accessLog) { test in
            let (session, connection) = try await test.initializedSession()
            let opened = try #require(await log.next())
            #expect(opened.event == .requestAnswered && opened.level == .info && opened[.server] == "scripted")
            #expect(opened[.method] == "initialize" && opened[.tool] == nil && opened[.outcome] == "ok")

            let secret =
                #"{"jsonrpc":"2.0","id":"7","method":"tools/call","params":{"name":"query","arguments":"secret"}}"#
            let sink = try await session.send(secret)
            _ = await connection.nextSent()
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true,"x":"secret"}}"#)
            _ = await sink.nextText()
            let called = try #require(await log.next())
            #expect(called[.method] == "tools/call" && called[.tool] == "query" && called[.outcome] == "tool-error")
            #expect(called[.requestID] == #""7""# && called[.errorCode] == nil)
            #expect(try #require(called[.duration].flatMap(Int.init)) >= 0)
            #expect(called[.session] == opened[.session] && called[.session]?.count == 12)
            #expect(!session.id.contains(try #require(called[.session])))
            #expect(!called.json.contains("secret") && !called.json.contains(session.id))

            _ = try await session.send(#"{"jsonrpc":"2.0","id":8,"method":"prompts/list"}"#).nextText()
            let refused = try #require(await log.next())
            #expect(refused[.method] == "prompts/list" && refused[.outcome] == "error")
            #expect(refused[.errorCode] == "-32601")
        }
    }

    @Test(
        "a call whose server dies is unavailable, one whose client goes away is cancelled; notifications are not logged"
    )
    func ends() async throws {
        let log = RecordedLog()
        let accessLog = AccessLog(server: "scripted", logger: log.logger)
        try await GatewayUnderTest.with(accessLog: accessLog) { test in
            let (session, connection) = try await test.initializedSession()
            _ = await log.next()
            _ = try await session.send(Lines.call("a"))
            _ = await connection.nextSent()
            connection.emit(.ended(.signalled(9), isPermanent: false))
            #expect(await log.next()?[.outcome] == "unavailable")
            try await session.notify(#"{"jsonrpc":"2.0","method":"notifications/novel"}"#)
            _ = try await session.send(Lines.call("b"))
            await test.gateway.close(session)
            #expect(await log.next()?[.outcome] == "cancelled")
        }
    }

    @Test("what a client chooses is cut, and what is not logged costs nothing")
    func bounds() throws {
        let long = String(repeating: "x", count: 5000)
        let text = #"{"jsonrpc":"2.0","id":"\#(long)","method":"tools/call","params":{"name":"\#(long)"}}"#
        let call = try Message(ByteBuffer(string: text))
        let sink = CollectingSink()
        var logger = RecordedLog().logger
        let log = AccessLog(server: "scripted", logger: logger)
        let watched = try #require(log.following(call, session: "s", into: sink) as? AccessLogSink)
        let fields = watched.fields(.cancelled(id: RequestID(1)), .zero)
        #expect(fields.values.allSatisfy { "\($0)".count <= 101 })

        logger.logLevel = .warning
        let quiet = AccessLog(server: "scripted", logger: logger)
        #expect(quiet.following(call, session: "s", into: sink) is CollectingSink)
    }

    @Test("beyond so many in a second they are counted")
    func flood() async throws {
        let log = RecordedLog()
        let accessLog = AccessLog(server: "scripted", logger: log.logger)
        let offered = 3 * AccessLog.entriesPerSecond
        for number in 1...offered { accessLog.add(.requestAnswered, at: .microseconds(number), [.method: "ping"]) }
        accessLog.add(.requestRefused, at: .seconds(2), [.status: "401"])
        var (entries, leftOut) = (0, 0)
        while let entry = await log.next(), entry.event != .requestRefused {
            if entry.event == .logFlood {
                leftOut += try #require(entry[.count].flatMap(Int.init))
            } else {
                entries += 1
            }
        }
        #expect(entries == AccessLog.entriesPerSecond && leftOut == offered - entries)
    }

    @Test(
        "how a request ended",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, RequestOutcome.ok),
            (#"{"jsonrpc":"2.0","id":1,"result":{"isError":false}}"#, .ok),
            (#"{"jsonrpc":"2.0","id":1,"result":{"isError":true}}"#, .toolError),
            (#"{"jsonrpc":"2.0","id":1,"result":{"content":[{"isError":true}]}}"#, .ok),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}"#, .error(code: -32602)),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1e99}}"#, .error(code: nil)),
            ("not JSON", .error(code: nil)),
        ])
    func outcomes(response: String, outcome: RequestOutcome) {
        #expect(RequestOutcome(of: .message(ByteBuffer(string: response))) == outcome)
    }

    @Test("sessions have names of 12 digits in the log, each its own")
    func names() {
        let ids = (1...1000).map { _ in SessionID.random() }
        let names = ids.map(SessionID.logName)
        #expect(Set(names).count == ids.count)
        #expect(names.allSatisfy { $0.count == 12 && $0.allSatisfy(\.isHexDigit) })
        #expect(names == ids.map(SessionID.logName))
    }
}
