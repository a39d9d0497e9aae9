import JSONRPC
import NIOCore
import Supervision
import TestSupport
import Testing

/// Many callers on one connection.
@Suite struct ManagedServerTrafficTests {
    @Test("[10] an id comes back as it was spelled, whatever its type")
    func idsComeBack() async throws {
        try await ServerUnderTest.with(script: Scripts.echo) { test in
            for id in [#""1""#, "1", "9007199254740993", "-7", #""a\u0041\"\\ü""#] {
                let sink = try await test.call(#"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list"}"#)
                #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
            }
        }
    }

    @Test("[13] unknown members, number spelling and key order survive both ways")
    func bytesSurvive() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            let params = #"{"z":1.50,"a":[9007199254740993],"_meta":{"x":1e2,"progressToken":"t"}}"#
            let sink = try await test.call(
                #"{"params":\#(params),"method":"x/y","extra":0.10,"id":"q","jsonrpc":"2.0"}"#)
            let sent = try #require(await connection.nextSent())
            let expected = params.replacing(#""t""#, with: "1")
            #expect(sent == #"{"params":\#(expected),"method":"x/y","extra":0.10,"id":1,"jsonrpc":"2.0"}"#)
            connection.emit(#"{"result":{"n":1.00,"_meta":{}},"more":null,"jsonrpc":"2.0","id":1}"#)
            #expect(await sink.nextText() == #"{"result":{"n":1.00,"_meta":{}},"more":null,"jsonrpc":"2.0","id":"q"}"#)
        }
    }

    @Test("[24] [124] two callers with equal ids and progress tokens do not cross")
    func callersDoNotCross() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            let line = #"{"jsonrpc":"2.0","id":1,"method":"x/y","params":{"_meta":{"progressToken":7}}}"#
            let first = try await test.call(line, by: 1)
            let second = try await test.call(line, by: 2)
            connection.emit(Lines.progress(token: "2", value: 5))
            connection.emit(#"{"jsonrpc":"2.0","id":2,"result":"second"}"#)
            connection.emit(Lines.progress(token: "1", value: 3))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":"first"}"#)
            #expect(await second.nextText() == Lines.progress(token: "7", value: 5))
            #expect(await second.nextText() == #"{"jsonrpc":"2.0","id":1,"result":"second"}"#)
            #expect(await first.nextText() == Lines.progress(token: "7", value: 3))
            #expect(await first.nextText() == #"{"jsonrpc":"2.0","id":1,"result":"first"}"#)
        }
    }

    @Test("an id that is still in flight cannot be used again by the same caller")
    func duplicateIDIsRefused() async throws {
        try await ServerUnderTest.with { test in
            _ = try await readyConnection(of: test)
            _ = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#)
            let again = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#)
            #expect(await again.nextText().contains("-32600"))
        }
    }

    @Test("[52] [130] a cancellation reaches the server under its own id, and a late answer is swallowed")
    func cancellationIsRouted() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            let sink = try await test.call(#"{"jsonrpc":"2.0","id":"c","method":"x/y"}"#)
            _ = await connection.nextSent()
            try await test.cancel(#""c""#, by: 2)
            try await test.cancel(#""c""#)
            #expect(await sink.nextText() == "cancelled")
            let cancelled = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
            #expect(await connection.nextSent() == cancelled)
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":"late"}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":"later"}"#)
            let next = try await test.call(#"{"jsonrpc":"2.0","id":"c","method":"x/y"}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":2,"result":"right"}"#)
            #expect(await next.nextText() == #"{"jsonrpc":"2.0","id":"c","result":"right"}"#)
        }
    }

    @Test("[22] a caller that leaves has its calls cancelled upstream, and nobody else's")
    func leavingCancels() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            let gone = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#, by: 1)
            let other = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#, by: 2)
            _ = await connection.nextSent()
            _ = await connection.nextSent()
            await test.server.detach(CallerID(1))
            #expect(await gone.nextText() == "cancelled")
            #expect(try #require(await connection.nextSent()).contains(#""requestId":1"#))
            connection.emit(#"{"jsonrpc":"2.0","id":2,"result":0}"#)
            #expect(await other.nextText() == #"{"jsonrpc":"2.0","id":1,"result":0}"#)
        }
    }

    @Test("[131] a call without answer and progress is given up after callTimeout and cancelled upstream")
    func callsTimeOut() async throws {
        try await ServerUnderTest.with(callTimeout: .milliseconds(50)) { test in
            let connection = try await readyConnection(of: test)
            let sink = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#)
            let answer = await sink.nextText()
            #expect(answer.contains("-32603") && answer.contains("scripted") && answer.contains("callTimeout"))
            _ = await connection.nextSent()
            #expect(try #require(await connection.nextSent()).contains("notifications/cancelled"))
        }
    }

    @Test("[131] a call is given up after callMaximum, however much progress it makes")
    func callsEnd() async throws {
        try await ServerUnderTest.with(callMaximum: .milliseconds(50)) { test in
            let connection = try await readyConnection(of: test)
            let sink = try await test.call(
                #"{"jsonrpc":"2.0","id":1,"method":"x/y","params":{"_meta":{"progressToken":"t"}}}"#)
            connection.emit(Lines.progress(token: "1", value: 1))
            var answer = await sink.nextText()
            // On a busy machine it may come too late.
            if answer.contains("notifications/progress") { answer = await sink.nextText() }
            #expect(answer.contains("-32603") && answer.contains("scripted") && answer.contains("callMaximum"))
            _ = await connection.nextSent()
            #expect(try #require(await connection.nextSent()).contains("notifications/cancelled"))
        }
    }

    @Test("[129] what wants to be a task is called as usual, and tools that can only be that are not listed")
    func tasks() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            let called = try await test.call(
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","t\u0061sk":{"ttl":1},"n":1.0}}"#)
            #expect(
                await connection.nextSent()
                    == #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","n":1.0}}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#)
            #expect(await called.nextText() == #"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#)

            // It is nothing special in another method.
            let other = #"{"jsonrpc":"2.0","id":2,"method":"x/y","params":{"task":{}}}"#
            _ = try await test.call(other)
            #expect(await connection.nextSent() == other)

            let listed = try await test.call(#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#)
            _ = await connection.nextSent()
            let tools = [
                #"{"name":"a","execution":{"taskSupport":"optional"},"x":1.0}"#,
                #"{"name":"b","execution":{"taskSupport":"required"}}"#, #"{"name":"c","execution":{}}"#,
                #"{"name":"d"}"#,
            ]
            connection.emit(
                #"{"jsonrpc":"2.0","id":3,"result":{"tools":[\#(tools.joined(separator: ","))],"nextCursor":"n"}}"#)
            let shown = #"[{"name":"a","x":1.0},{"name":"c"},{"name":"d"}]"#
            #expect(
                await listed.nextText()
                    == #"{"jsonrpc":"2.0","id":3,"result":{"tools":\#(shown),"nextCursor":"n"}}"#)
        }
    }

    @Test("a server that does not read its input costs only the call")
    func backlogIsBounded() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            connection.refuse(with: .backlogFull(bytes: 99))
            let sink = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#)
            #expect(await sink.nextText().contains("does not read its input: 99 bytes"))
            connection.refuse(with: nil)
            let next = try await test.call(#"{"jsonrpc":"2.0","id":1,"method":"x/y"}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":2,"result":0}"#)
            #expect(await next.nextText() == #"{"jsonrpc":"2.0","id":1,"result":0}"#)
        }
    }

    @Test(
        "[148] a call that finds the connection just closed was not sent: it waits for the next life",
        .timeLimit(.minutes(1)))
    func closedConnectionIsWaitedOut() async throws {
        try await ServerUnderTest.with { test in
            let dying = try await readyConnection(of: test)
            dying.refuse(with: .closed)
            let sink = try await test.call(#"{"jsonrpc":"2.0","id":"w","method":"x/y"}"#)
            dying.emit(.ended(.exited(status: 1), isPermanent: false))
            let next = try await readyConnection(of: test)
            let sent = try #require(await next.nextSent())
            next.emit(sent.replacing(#""method":"x/y""#, with: #""result":0"#))
            #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":"w","result":0}"#)
        }
    }

    @Test("what the server asks is answered at once: a ping with a result, what nobody can be asked with an error")
    func serverRequestsAreAnswered() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            connection.emit(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
            #expect(await connection.nextSent() == #"{"jsonrpc":"2.0","id":"p","result":{}}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{}}"#)
            let refusal = try #require(await connection.nextSent())
            #expect(refusal.contains(#""id":9"#) && refusal.contains("-32603"))
        }
    }

    @Test("an answer over the limit fails its own call only")
    func oversizedAnswerFailsItsCall() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            let sink = try await test.call(#"{"jsonrpc":"2.0","id":"big","method":"x/y"}"#)
            connection.emit(.oversizedMessage(id: RequestID(1)))
            let answer = await sink.nextText()
            #expect(answer.contains(#""id":"big""#) && answer.contains("limits.messageBytes"))
        }
    }
}
