import JSONRPC
import NIOCore
import Supervision
import TestSupport
import Testing

/// What a server asks of clients that share it.
@Suite struct ManagedServerQuestionsTests {
    private static let (ann, bob) = (CallerID(1), CallerID(2))

    /// A ready server, with two callers that listen.
    private static func with(
        callTimeout: Duration = .seconds(60), questionTimeout: Duration = .seconds(60),
        _ body: (ServerUnderTest, ScriptedConnection, RecordingObserver, RecordingObserver) async throws -> Void
    ) async throws {
        try await ServerUnderTest.with(callTimeout: callTimeout, questionTimeout: questionTimeout) { test in
            let connection = try await readyConnection(of: test)
            let (ann, bob) = (RecordingObserver(), RecordingObserver())
            await test.server.attach(ann, as: Self.ann)
            await test.server.attach(bob, as: Self.bob)
            try await body(test, connection, ann, bob)
        }
    }

    @Test("[113] the one caller with a call in flight is asked, and its answer goes back under the server's id, once")
    func oneCaller() async throws {
        try await Self.with { test, connection, ann, _ in
            let call = try await test.call(Questions.call(1), by: 1)
            _ = await connection.nextSent()
            connection.emit(Questions.elicitation(id: #""q\u0031""#))
            #expect(await ann.next() == "asked elicitation/create in a call")
            let id = try #require(ann.ids.first)
            #expect(await !test.server.answer(id, with: try Message(Questions.result(id: "5")), by: Self.bob))
            #expect(await test.server.answer(id, with: try Message(Questions.result(id: #""g-1""#)), by: Self.ann))
            #expect(await connection.nextSent() == Questions.result(id: #""q\u0031""#))
            #expect(await !test.server.answer(id, with: try Message(Questions.result(id: "6")), by: Self.ann))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(await call.nextText() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        }
    }

    @Test("[114] with calls of two callers in flight the server is refused, and nobody is asked")
    func ambiguous() async throws {
        try await Self.with { test, connection, ann, bob in
            _ = try await test.call(Questions.call(1), by: 1)
            _ = try await test.call(Questions.call(1), by: 2)
            for _ in 0..<2 { _ = await connection.nextSent() }
            connection.emit(Questions.elicitation(id: "9"))
            let refusal = try #require(await connection.nextSent())
            #expect(refusal.contains(#""id":9"#) && refusal.contains("-32603") && refusal.contains("several clients"))
            #expect(ann.ids.isEmpty && bob.ids.isEmpty)
        }
    }

    @Test(
        "[113] what comes on the stream of a call's answer is asked of that call's caller, however many are in flight")
    func attributed() async throws {
        try await Self.with { test, connection, ann, bob in
            _ = try await test.call(Questions.call(1), by: 1)
            _ = try await test.call(Questions.call(1), by: 2)
            for _ in 0..<2 { _ = await connection.nextSent() }
            connection.emit(.message(try Message(Questions.elicitation(id: "9")), during: RequestID(2)))
            #expect(await bob.next() == "asked elicitation/create in a call")
            #expect(ann.ids.isEmpty)
        }
    }

    @Test("[114] without any call in flight nobody is asked")
    func nobody() async throws {
        try await Self.with { _, connection, ann, bob in
            connection.emit(Questions.elicitation(id: "9"))
            let refusal = try #require(await connection.nextSent())
            #expect(refusal.contains("-32603") && refusal.contains("no call is in flight"))
            #expect(ann.ids.isEmpty && bob.ids.isEmpty)
        }
    }

    @Test("a ping of the server's is answered, and what no client can be asked is refused with -32601")
    func others() async throws {
        try await Self.with { _, connection, _, _ in
            connection.emit(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
            #expect(await connection.nextSent() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":2,"method":"tasks/get"}"#)
            #expect(await connection.nextSent()?.contains("-32601") == true)
        }
    }

    @Test("[113] the server takes its question back: the client hears so, and its answer is ignored")
    func withdrawn() async throws {
        try await Self.with { test, connection, ann, _ in
            _ = try await test.call(Questions.call(1), by: 1)
            _ = await connection.nextSent()
            connection.emit(Questions.elicitation(id: #""a""#))
            _ = await ann.next()
            connection.emit(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a"}}"#)
            #expect(await ann.next() == "withdrawn 1")
            #expect(await !test.server.answer(ann.ids[0], with: try Message(Questions.result(id: "1")), by: Self.ann))
        }
    }

    enum End: CaseIterable, Sendable { case answered, cancelled, callerGone, connectionLost }

    @Test("a question ends with its call, with its caller and with its connection", arguments: End.allCases)
    func ends(_ end: End) async throws {
        try await Self.with { test, connection, ann, _ in
            _ = try await test.call(Questions.call(1), by: 1)
            _ = await connection.nextSent()
            connection.emit(Questions.elicitation(id: "9"))
            _ = await ann.next()
            switch end {
            case .answered: connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            case .cancelled: try await test.cancel("1")
            case .callerGone: await test.server.detach(Self.ann)
            case .connectionLost: connection.emit(.ended(.signalled(9), isPermanent: false))
            }
            if end != .callerGone { #expect(await ann.next() == "withdrawn 1") }
            if end == .answered || end == .callerGone {
                // The server still waits for it.
                let refusal = try #require(await connection.nextSent())
                #expect(refusal.contains(#""id":9"#) && refusal.contains("-32603"))
            }
            #expect(await !test.server.answer(ann.ids[0], with: try Message(Questions.result(id: "1")), by: Self.ann))
        }
    }

    @Test("[124] what a client says of its progress with a question reaches the server under the server's token")
    func progress() async throws {
        try await Self.with { test, connection, ann, _ in
            _ = try await test.call(Questions.call(1), by: 1)
            _ = await connection.nextSent()
            connection.emit(Questions.elicitation(id: "9", meta: #","_meta":{"progressToken":"up"}"#))
            _ = await ann.next()
            let progress = try Message(Lines.progress(token: #""g-1""#, value: 1))
            await test.server.report(progress, on: ann.ids[0], by: Self.bob)
            await test.server.report(progress, on: ann.ids[0], by: Self.ann)
            #expect(await connection.nextSent() == Lines.progress(token: #""up""#, value: 1))
        }
    }

    @Test("elicitation/complete goes to whoever was told of that elicitation, by a question or by an error")
    func completion() async throws {
        try await Self.with { test, connection, ann, bob in
            let failing = try await test.call(Questions.call(1), by: 2)
            _ = await connection.nextSent()
            connection.emit(
                #"{"jsonrpc":"2.0","id":1,"error":{"code":-32042,"message":"","data":{"elicitations":[{"mode":"url","#
                    + #""elicitationId":"b"}]}}}"#)
            _ = await failing.next()
            _ = try await test.call(Questions.call(2), by: 1)
            _ = await connection.nextSent()
            let url = #"{"mode":"url","message":"","url":"https://x","elicitationId":"a"}"#
            connection.emit(#"{"jsonrpc":"2.0","id":9,"method":"elicitation/create","params":\#(url)}"#)
            _ = await ann.next()
            func complete(_ id: String) -> String {
                #"{"jsonrpc":"2.0","method":"notifications/elicitation/complete","params":{"elicitationId":"\#(id)"}}"#
            }
            for id in ["nobody's", "a", "b"] { connection.emit(complete(id)) }
            #expect(await ann.next() == complete("a"))
            #expect(await bob.next() == complete("b"))
        }
    }
}
