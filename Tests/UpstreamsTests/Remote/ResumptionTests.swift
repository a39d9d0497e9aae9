import NIOCore
import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// Streams that break before they have said everything.
@Suite(.timeLimit(.minutes(2))) struct ResumptionTests {
    private typealias Test = RemoteUnderTest

    /// Runs `body` with the stream of the answer to call 1.
    private static func answering(_ body: (RemoteUnderTest, TestHTTPExchange) async throws -> Void) async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1, headers: [ForwardedHeader(name: "X-User", value: "ann")])
            let post = try await test.request("POST")
            post.beginEvents()
            try await body(test, post)
        }
    }

    @Test("140: a stream with an id is asked for again after `retry`, from its last event, and brings the answer")
    func resumes() async throws {
        try await Self.answering { test, post in
            post.write("id: 1\ndata:\n\nretry: 300\n\n")
            let progress =
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#
            post.event(progress, id: "2")
            #expect(await test.next() == "message \(progress)")
            let ended = NIODeadline.now()
            post.endStream()
            let again = try await test.request("GET")
            #expect(NIODeadline.now() - ended >= .milliseconds(300))
            #expect(again.header("last-event-id") == "2" && again.header("accept") == "text/event-stream")
            #expect(again.header("mcp-session-id") == "s-1" && again.header("mcp-protocol-version") == "2025-11-25")
            #expect(again.header("x-user") == nil)
            again.beginEvents()
            again.event(Test.answer(1), id: "3")
            #expect(await test.next() == "message \(Test.answer(1))")
        }
    }

    @Test("140: and again, as often as it brings something new, whether it ends or breaks")
    func polling() async throws {
        try await Self.answering { test, post in
            post.write("retry: 10\nid: 0\ndata:\n\n")
            post.endStream()
            for number in 1...8 {
                let again = try await test.request("GET")
                #expect(again.header("last-event-id") == "\(number - 1)")
                again.beginEvents()
                try await again.write("retry: 10\nid: \(number)\ndata:\n\n").get()
                if number.isMultiple(of: 2) { again.endStream() } else { again.abort() }
            }
            let last = try await test.request("GET")
            last.beginEvents()
            last.event(Test.answer(1))
            #expect(await test.next() == "message \(Test.answer(1))")
        }
    }

    @Test("140: without a `retry` it waits a second")
    func defaultWait() async throws {
        try await Self.answering { test, post in
            post.write("id: 1\ndata:\n\n")
            let ended = NIODeadline.now()
            post.endStream()
            _ = try await test.request("GET")
            #expect(NIODeadline.now() - ended >= .seconds(1))
        }
    }

    @Test("140: a stream without an id cannot be resumed: the call is lost, and nothing is sent twice")
    func lost() async throws {
        try await Self.answering { test, post in
            post.endStream()
            #expect(await test.next() == "call 1 lost: closed the stream of the answer before the answer came")
            try await test.call(2)
            #expect(try await test.request("POST").text == Test.call(2))
        }
        try await Self.answering { test, post in
            try await post.write(": half\n\ndata: {").get()
            post.abort()
            #expect(
                await test.next().hasPrefix("call 1 lost: broke off the stream of the answer before the answer came ("))
        }
    }

    @Test("a server that does not resume loses the call", arguments: [400, 405])
    func refused(status: Int) async throws {
        try await Self.answering { test, post in
            post.write("retry: 10\nid: 1\ndata:\n\n")
            post.endStream()
            try await test.request("GET").respond(status: status)
            #expect(await test.next() == "call 1 lost: did not resume its answer (\(HTTPStatus(status)))")
        }
    }

    @Test("one that answers the GET with something else than events loses it, too")
    func noEvents() async throws {
        try await Self.answering { test, post in
            post.write("retry: 10\nid: 1\ndata:\n\n")
            post.endStream()
            try await test.request("GET").respond(headers: [("Content-Type", "text/html")], body: "<html>")
            #expect(await test.next() == "call 1 lost: answered HTTP 200 with text/html, which is no MCP message")
        }
    }

    @Test("one that is in trouble is asked five times")
    func trouble() async throws {
        try await Self.answering { test, post in
            post.write("retry: 10\nid: 1\ndata:\n\n")
            post.endStream()
            for _ in 1...5 { try await test.request("GET").respond(status: 503) }
            #expect(await test.next() == "call 1 lost: closed the stream of the answer before the answer came")
        }
    }

    @Test("an id that the server takes back is not asked for")
    func takenBack() async throws {
        try await Self.answering { test, post in
            post.write("retry: 10\nid: 1\ndata:\n\nid:\ndata:\n\n")
            post.endStream()
            #expect(await test.next() == "call 1 lost: closed the stream of the answer before the answer came")
        }
    }

    @Test("a server that is gone when an answer is to be resumed ends the life, and the call does not come back")
    func goneWithCall() async throws {
        try await Self.answering { test, post in
            try await post.write("retry: 10\nid: 1\ndata:\n\n").get()
            await test.peer.stop()
            #expect(await test.next().hasPrefix("broke the connection: it cannot be reached any more ("))
        }
    }

    @Test("an answer is not resumed in another session than that of its call")
    func otherSession() async throws {
        try await Self.answering { test, post in
            try await test.call(2)
            let second = try await test.request("POST")
            // Long enough for the new session to be opened first.
            post.write("retry: 3000\nid: 1\ndata:\n\n")
            post.endStream()
            second.respond(status: 404)
            #expect(await test.next() == "unsent \(Test.call(2))")
            try await test.playInitialize(session: "s-2")
            try await test.request("POST").respond(status: 202)
            try await test.request("GET").respond(status: 405)
            #expect(await test.next() == "ready, revision 2025-11-25")
            #expect(await test.next() == "call 1 lost: lost the session in which the call was made")
        }
    }

    @Test("a session that is lost in between loses the call, and is opened anew")
    func lostSession() async throws {
        try await Self.answering { test, post in
            post.write("retry: 10\nid: 1\ndata:\n\n")
            post.endStream()
            try await test.request("GET").respond(status: 404)
            #expect(await test.next() == "call 1 lost: lost the session in which the call was made")
            try await test.openStreamable(session: "s-2")
        }
    }

    @Test("the answer to initialize can be resumed like any other")
    func initialize() async throws {
        try await RemoteUnderTest.with { test in
            let initialize = try await test.request("POST")
            initialize.beginEvents(headers: [("Mcp-Session-Id", "s-1")])
            initialize.write("retry: 10\nid: 1\ndata:\n\n")
            initialize.endStream()
            let again = try await test.request("GET")
            #expect(again.header("last-event-id") == "1" && again.header("mcp-session-id") == "s-1")
            again.beginEvents()
            again.event(Test.initializeResult())
            let initialized = try await test.request("POST")
            #expect(initialized.header("mcp-session-id") == "s-1")
            initialized.respond(status: 202)
            #expect(await test.next() == "ready, revision 2025-11-25")
        }
    }

    @Test("a server that does not resume the answer to initialize is not taken for another kind of server")
    func initializeRefused() async throws {
        try await RemoteUnderTest.with { test in
            let initialize = try await test.request("POST")
            initialize.beginEvents()
            initialize.write("retry: 10\nid: 1\ndata:\n\n")
            initialize.endStream()
            try await test.request("GET").respond(status: 405)
            #expect(
                await test.next() == "did not complete the MCP handshake: it did not resume its answer "
                    + "(HTTP 405 Method Not Allowed)")
        }
    }

    @Test("the server's own stream is opened again from its last event, or without one")
    func news() async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").respond(status: 202)
            let first = try await test.request("GET")
            #expect(await test.next() == "ready, revision 2025-11-25")
            first.beginEvents()
            try await first.write("retry: 10\n\n").get()
            first.abort()
            let second = try await test.request("GET")
            #expect(second.header("last-event-id") == nil)
            second.beginEvents()
            let note = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
            second.event(note, id: "9")
            #expect(await test.next() == "message \(note)")
            second.endStream()
            let third = try await test.request("GET")
            #expect(third.header("last-event-id") == "9")
            third.beginEvents()
            third.event(note)
            #expect(await test.next() == "message \(note)")
        }
    }

    @Test("a server that is gone when its own stream is opened again ends the life")
    func gone() async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").respond(status: 202)
            let stream = try await test.request("GET")
            #expect(await test.next() == "ready, revision 2025-11-25")
            stream.beginEvents()
            try await stream.write("retry: 10\n\n").get()
            await test.peer.stop()
            #expect(await test.next().hasPrefix("broke the connection: it cannot be reached any more ("))
        }
    }

    @Test("a call to a server that is gone comes back, and ends the life")
    func unsent() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            await test.peer.stop()
            try await test.call(1)
            #expect(await test.next() == "unsent \(Test.call(1))")
            #expect(await test.next().hasPrefix("broke the connection: it cannot be reached any more ("))
        }
    }
}
