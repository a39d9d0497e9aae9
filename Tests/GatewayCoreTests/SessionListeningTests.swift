import GatewayCore
import Supervision
import TestSupport
import Testing

/// An error that wants a URL visited (MCP 2025-11-25 "URL Elicitation Required").
private let visit =
    #"{"code":-32042,"message":"Visit it:","data":{"elicitations":[{"mode":"url","elicitationId":"e","url":"u:1"}]}}"#

/// What a session keeps for its client on a server that others share.
@Suite struct SessionListeningTests {
    private static func setLevel(_ level: String) -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":\#(level)}}"#
    }

    @Test("[121] [123] a log level is answered with exactly {} here, and a wrong one with -32602")
    func levels() async throws {
        try await GatewayUnderTest.with { test in
            let (session, connection) = try await test.initializedSession(capabilities: #"{"logging":{}}"#)
            #expect(
                try await session.send(Self.setLevel(#""warning""#)).nextText()
                    == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(await connection.nextSent()?.contains(#""level":"warning""#) == true)
            for wrong in [#""loud""#, "3", "null"] {
                let answer = try await session.send(Self.setLevel(wrong)).nextText()
                #expect(answer.contains("-32602") && answer.contains("emergency"))
            }
        }
    }

    @Test("[31] [122] subscriptions are offered if the server offers them, and refused with -32601 otherwise")
    func subscriptions() async throws {
        let line = #"{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"x:1"}}"#
        try await GatewayUnderTest.with { test in
            let (session, _) = try await test.initializedSession(capabilities: #"{"resources":{}}"#)
            #expect(try await session.send(line).nextText().contains("-32601"))
        }
        try await GatewayUnderTest.with { test in
            let capabilities = #"{"resources":{"subscribe":true}}"#
            let (session, connection) = try await test.initializedSession(capabilities: capabilities)
            let sink = try await session.send(line)
            #expect(await connection.nextSent()?.contains("resources/subscribe") == true)
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            let stream = CollectingStream()
            await session.attach(stream)
            connection.emit(
                #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x:1"}}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
            _ = await connection.nextSent()
            await test.gateway.close(session)
            #expect(await stream.everything().contains { $0.contains("x:1") })
            // [22] With the session its subscription goes.
            #expect(await connection.nextSent()?.contains("resources/unsubscribe") == true)
        }
    }

    @Test("[129] tasks are not carried: their methods are refused with -32601")
    func tasks() async throws {
        try await GatewayUnderTest.with { test in
            let (session, _) = try await test.initializedSession()
            let answer = try await session.send(#"{"jsonrpc":"2.0","id":1,"method":"tasks/list"}"#).nextText()
            #expect(answer.contains("-32601"))
        }
    }

    @Test(
        "[126] content that a client's revision does not know becomes what it does",
        arguments: [
            (
                "2024-11-05", #"{"type":"audio","data":"AA","mimeType":"audio/wav"}"#,
                #"{"type":"resource","resource":{"uri":"data:audio","mimeType":"audio/wav","blob":"AA"}}"#
            ),
            (
                "2025-03-26", #"{"type":"audio","data":"AA","mimeType":"audio/wav"}"#,
                #"{"type":"audio","data":"AA","mimeType":"audio/wav"}"#
            ),
            (
                "2025-03-26", #"{"type":"resource_link","uri":"x:1","name":"n"}"#, #"{"type":"text","text":"n x:1"}"#
            ),
            (
                "2025-06-18", #"{"type":"resource_link","uri":"x:1","name":"n"}"#,
                #"{"type":"resource_link","uri":"x:1","name":"n"}"#
            ),
        ])
    func content(revision: String, sent: String, received: String) async throws {
        try await GatewayUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            _ = try await session.send(Lines.initialize(revision)).next()
            let sink = try await session.send(Lines.call("a"))
            _ = await connection.nextSent()
            let text = #"{"type":"text","text":"1"}"#
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{"content":[\#(text),\#(sent)],"x":1.0}}"#)
            #expect(
                await sink.nextText()
                    == #"{"jsonrpc":"2.0","id":1,"result":{"content":[\#(text),\#(received)],"x":1.0}}"#)
        }
    }

    @Test(
        "an error that wants URLs visited is one that clients of before 2025-11-25 can show, and they hear no more of it",
        arguments: [
            ("2025-06-18", #"{"code":-32603,"message":"Visit it: u:1","data":\#(visit)}"#, 0),
            ("2025-11-25", visit, 1),
        ])
    func urlRequired(revision: String, received: String, completions: Int) async throws {
        try await GatewayUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            _ = try await session.send(Lines.initialize(revision)).next()
            let stream = CollectingStream()
            await session.attach(stream)
            let sink = try await session.send(Lines.call("a"))
            _ = await connection.nextSent()
            connection.emit(#"{"jsonrpc":"2.0","id":1,"error":\#(visit)}"#)
            #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":1,"error":\#(received)}"#)
            let method = "notifications/elicitation/complete"
            connection.emit(#"{"jsonrpc":"2.0","method":"\#(method)","params":{"elicitationId":"e"}}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
            _ = await connection.nextSent()
            await test.gateway.close(session)
            #expect(await stream.everything().count { $0.contains(method) } == completions)
        }
    }
}
