import GatewayCore
import JSONRPC
import MCP
import NIOCore
import Supervision
import TestSupport
import Testing

/// What a session's client is asked, and what it answers.
@Suite struct SessionQuestionsTests {
    private static let initialized = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#

    private static func initialize(_ capabilities: String, _ revision: String) -> String {
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(revision)","#
            + #""capabilities":\#(capabilities)}}"#
    }

    private static func elicitation(_ params: String) -> String {
        #"{"jsonrpc":"2.0","id":"up","method":"elicitation/create","params":\#(params)}"#
    }

    private static func sampling(_ params: String) -> String {
        #"{"jsonrpc":"2.0","id":"up","method":"sampling/createMessage","params":\#(params)}"#
    }

    /// A session with one call in flight, and where what comes of that goes.
    private static func with(
        _ capabilities: String = #"{"elicitation":{}}"#, revision: String = "2025-11-25", isReady: Bool = true,
        _ body: (ClientSession, ScriptedConnection, CollectingSink) async throws -> Void
    ) async throws {
        try await GatewayUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            _ = try await session.send(initialize(capabilities, revision)).next()
            if isReady { try await session.notify(initialized) }
            let sink = try await session.send(Lines.call("a"))
            _ = await connection.nextSent()
            try await body(session, connection, sink)
        }
    }

    @Test(
        "[113] the client is asked on its call's stream under an id of the session's own, and its first answer counts")
    func asked() async throws {
        try await Self.with { session, connection, sink in
            connection.emit(Self.elicitation(#"{"message":"?","_meta":{"progressToken":7}}"#))
            #expect(
                await sink.nextText() == #"{"jsonrpc":"2.0","id":"g-1","method":"elicitation/create","params":"#
                    + #"{"message":"?","_meta":{"progressToken":"g-1"}}}"#)
            try await session.notify(
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"g-1","progress":1}}"#)
            #expect(await connection.nextSent()?.contains(#""progressToken":7,"#) == true)
            for id in ["g-2", "g-1", "g-1"] {
                try await session.notify(#"{"jsonrpc":"2.0","id":"\#(id)","result":{"action":"accept","x":1.0}}"#)
            }
            #expect(
                await connection.nextSent() == #"{"jsonrpc":"2.0","id":"up","result":{"action":"accept","x":1.0}}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        }
    }

    @Test("[30] nothing is asked before the client has sent notifications/initialized")
    func notReady() async throws {
        try await Self.with(isReady: false) { _, connection, _ in
            connection.emit(Self.elicitation(#"{"message":"?"}"#))
            let refusal = try #require(await connection.nextSent())
            #expect(refusal.contains("-32603") && refusal.contains("notifications/initialized"))
        }
    }

    @Test(
        "[34] a client is asked only what it declared; anything else is refused at once, with its name",
        arguments: [
            ("{}", "elicitation.form"), (#"{"sampling":{},"roots":{}}"#, "elicitation.form"),
            (#"{"elicitation":{"url":{}}}"#, "elicitation.form"),
        ])
    func undeclared(capabilities: String, missing: String) async throws {
        try await Self.with(capabilities) { _, connection, _ in
            connection.emit(Self.elicitation(#"{"message":"?"}"#))
            let refusal = try #require(await connection.nextSent())
            #expect(refusal.contains("-32601") && refusal.contains(missing))
        }
    }

    @Test("[34] sampling, roots and elicitation by URL have to be declared, too")
    func otherCapabilities() async throws {
        try await Self.with { _, connection, _ in
            for (method, params, missing) in [
                ("sampling/createMessage", "{}", "sampling"), ("roots/list", "{}", "roots"),
                ("elicitation/create", #"{"mode":"url"}"#, "elicitation.url"),
            ] {
                connection.emit(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#)
                let refusal = try #require(await connection.nextSent())
                #expect(refusal.contains("-32601") && refusal.contains(missing))
            }
        }
    }

    @Test("[113] what the server takes back is cancelled at the client, under the session's id")
    func withdrawn() async throws {
        try await Self.with { _, connection, sink in
            connection.emit(Self.elicitation(#"{"message":"?"}"#))
            _ = await sink.next()
            connection.emit(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"up"}}"#)
            #expect(
                await sink.nextText()
                    == #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"g-1"}}"#)
        }
    }

    @Test("a question that has no place on its call's answer waits for the session's stream")
    func held() async throws {
        try await GatewayUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            _ = try await session.send(Self.initialize(#"{"elicitation":{}}"#, "2025-11-25")).next()
            try await session.notify(Self.initialized)
            await session.receive(try Message(ByteBuffer(string: Lines.call("a"))), sink: JSONOnlySink())
            _ = await connection.nextSent()
            connection.emit(Self.elicitation(#"{"message":"?"}"#))
            connection.emit(#"{"jsonrpc":"2.0","id":"ping","method":"ping"}"#)
            _ = await connection.nextSent()
            let stream = CollectingStream()
            await session.attach(stream)
            await test.gateway.close(session)
            #expect(await stream.everything().contains { $0.contains(#""id":"g-1""#) })
        }
    }

    @Test("a question for which no stream is opened in time is answered with an error")
    func heldTooLong() async throws {
        try await GatewayUnderTest.with(limits: GatewayLimits(streamGrace: .milliseconds(10))) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            _ = try await session.send(Self.initialize(#"{"elicitation":{}}"#, "2025-11-25")).next()
            try await session.notify(Self.initialized)
            await session.receive(try Message(ByteBuffer(string: Lines.call("a"))), sink: JSONOnlySink())
            _ = await connection.nextSent()
            connection.emit(Self.elicitation(#"{"message":"?"}"#))
            let refusal = try #require(await connection.nextSent())
            #expect(refusal.contains(#""id":"up""#) && refusal.contains("-32603") && refusal.contains("no stream"))
            // Who comes later is not asked.
            let stream = CollectingStream()
            await session.attach(stream)
            await test.gateway.close(session)
            #expect(await stream.everything().isEmpty)
        }
    }

    @Test("[115] a client of 2025-06-18 gets a form without mode, and only what its revision has")
    func oldForms() async throws {
        try await Self.with(revision: "2025-06-18") { _, connection, sink in
            let fields =
                #"{"a":{"type":"string","oneOf":[{"const":"x","title":"X"},{"const":"y"}],"default":"x"},"#
                + #""b":{"type":"boolean","default":true}}"#
            connection.emit(
                Self.elicitation(
                    #"{"mode":"form","message":"?","requestedSchema":{"type":"object","properties":\#(fields)}}"#))
            let old =
                #"{"a":{"type":"string","enum":["x","y"],"enumNames":["X","y"]},"b":{"type":"boolean","default":true}}"#
            #expect(
                await sink.nextText() == #"{"jsonrpc":"2.0","id":"g-1","method":"elicitation/create","params":"#
                    + #"{"message":"?","requestedSchema":{"type":"object","properties":\#(old)}}}"#)
        }
    }

    @Test(
        "[115] sampling has the shapes of the client's revision",
        arguments: [
            (
                "2025-11-25", #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]"#,
                nil
            ),
            (
                "2025-06-18", #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]"#,
                #"[{"role":"user","content":{"type":"text","text":"a"}},{"role":"user","content":{"type":"text","text":"b"}}]"#
            ),
            ("2025-06-18", #"[{"role":"user","content":{"type":"audio","data":"AA"}}]"#, nil),
        ])
    func sampling(revision: String, messages: String, old: String?) async throws {
        try await Self.with(#"{"sampling":{}}"#, revision: revision) { _, connection, sink in
            connection.emit(Self.sampling(#"{"maxTokens":1.0,"messages":\#(messages)}"#))
            #expect(
                await sink.nextText() == #"{"jsonrpc":"2.0","id":"g-1","method":"sampling/createMessage","params":"#
                    + #"{"maxTokens":1.0,"messages":\#(old ?? messages)}}"#)
        }
    }

    @Test(
        "[115] sampling that a client cannot understand is refused, with what it lacks",
        arguments: [
            ("2025-11-25", #"{"sampling":{}}"#, #""messages":[],"tools":[]"#, "sampling.tools"),
            ("2025-06-18", #"{"sampling":{}}"#, #""messages":[],"toolChoice":{}"#, "sampling.tools"),
            (
                "2024-11-05", #"{"sampling":{}}"#, #""messages":[{"role":"user","content":{"type":"audio"}}]"#,
                #"type \"audio\""#
            ),
            (
                "2025-06-18", #"{"sampling":{}}"#, #""messages":[{"role":"user","content":[{"type":"tool_use"}]}]"#,
                #"type \"tool_use\""#
            ),
        ])
    func inexpressibleSampling(revision: String, capabilities: String, params: String, lack: String) async throws {
        try await Self.with(capabilities, revision: revision) { _, connection, _ in
            connection.emit(Self.sampling("{\(params)}"))
            let refusal = try #require(await connection.nextSent())
            #expect(refusal.contains("-32602") && refusal.contains(lack))
        }
    }

    @Test("[115] a form that 2025-06-18 cannot express is refused")
    func inexpressibleForm() async throws {
        try await Self.with(revision: "2025-06-18") { _, connection, _ in
            let fields = #"{"a":{"type":"array","items":{"type":"string","enum":["x"]}}}"#
            connection.emit(
                Self.elicitation(#"{"message":"?","requestedSchema":{"type":"object","properties":\#(fields)}}"#))
            #expect(await connection.nextSent()?.contains("-32602") == true)
        }
    }
}

/// A sink of a client that takes nothing before the answer.
private struct JSONOnlySink: CallerSink {
    func deliver(_ message: ByteBuffer) -> Bool { false }
    func finish(_ answer: Answer) {}
}
