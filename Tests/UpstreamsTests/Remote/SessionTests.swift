import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// What becomes of a session: where its id goes, and what happens when the server forgets it.
@Suite(.timeLimit(.minutes(2))) struct SessionTests {
    private typealias Setting = RemoteUnderTest.Setting
    private typealias Test = RemoteUnderTest

    @Test("139: the session's id goes along with everything after initialize, as the server spelled it")
    func verbatim() async throws {
        let id = "!~id-1.=/Zz%20\"x\""
        try await RemoteUnderTest.with { test in
            let initialize = try await test.playInitialize(session: id)
            #expect(initialize.header("mcp-session-id") == nil)
            let initialized = try await test.request("POST")
            #expect(initialized.header("mcp-session-id") == id)
            initialized.respond(status: 202)
            #expect(await test.next() == "ready, revision 2025-11-25")
            #expect(try await test.request("GET").header("mcp-session-id") == id)
            try await test.call(1)
            #expect(try await test.request("POST").header("mcp-session-id") == id)
            try await test.send(#"{"jsonrpc":"2.0","id":"p","result":{}}"#)
            #expect(try await test.request("POST").header("mcp-session-id") == id)
            await test.act { $0.closeInput() }
            #expect(try await test.request("DELETE").header("mcp-session-id") == id)
        }
    }

    @Test(
        "139: when the session is lost, the call comes back and a new session is opened, without the id",
        arguments: [(404, "Session not found"), (400, "Bad Request: No valid session ID provided")])
    func renewal(status: Int, text: String) async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1)
            let error = #"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"\#(text)"}}"#
            try await test.request("POST").respondJSON(error, status: status)
            #expect(await test.next() == "unsent \(Test.call(1))")
            let initialize = try await test.request("POST")
            #expect(initialize.text.contains(#""method":"initialize""#))
            #expect(initialize.header("mcp-session-id") == nil && initialize.header("mcp-protocol-version") == nil)
            await #expect(throws: UpstreamSendFailure.closed) { try await test.call(2) }
            initialize.respondJSON(Test.initializeResult(), headers: [("Mcp-Session-Id", "s-2")])
            let initialized = try await test.request("POST")
            #expect(initialized.header("mcp-session-id") == "s-2")
            initialized.respond(status: 202)
            #expect(try await test.request("GET").header("mcp-session-id") == "s-2")
            #expect(await test.next() == "ready, revision 2025-11-25")
            try await test.call(1)
            let post = try await test.request("POST")
            #expect(post.header("mcp-session-id") == "s-2")
            post.respondJSON(Test.answer(1))
            #expect(await test.next() == "message \(Test.answer(1))")
        }
    }

    @Test("139: calls whose answers are still coming outlive their session")
    func survivors() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1)
            let long = try await test.request("POST")
            long.beginEvents()
            try await test.call(2)
            try await test.request("POST").respond(status: 404)
            #expect(await test.next() == "unsent \(Test.call(2))")
            let initialize = try await test.request("POST")
            let progress =
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#
            long.event(progress)
            #expect(await test.next() == "message \(progress)")
            initialize.respondJSON(Test.initializeResult(), headers: [("Mcp-Session-Id", "s-2")])
            try await test.request("POST").respond(status: 202)
            #expect(await test.next() == "ready, revision 2025-11-25")
            long.event(Test.answer(1))
            #expect(await test.next() == "message \(Test.answer(1))")
        }
    }

    @Test("139: many calls that are refused together bring one new session")
    func together() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            var posts: [TestHTTPExchange] = []
            for id in 1...3 {
                try await test.call(id)
                posts.append(try await test.request("POST"))
            }
            for (id, post) in zip(1...2, posts) {
                post.respond(status: 404)
                #expect(await test.next() == "unsent \(Test.call(id))")
            }
            try await test.playInitialize(session: "s-2")
            try await test.request("POST").respond(status: 202)
            try await test.request("GET").respond(status: 405)
            #expect(await test.next() == "ready, revision 2025-11-25")
            posts[2].respond(status: 404)
            #expect(await test.next() == "unsent \(Test.call(3))")
            try await test.call(4)
            #expect(try await test.request("POST").header("mcp-session-id") == "s-2")
        }
    }

    @Test("139: a server that forgets every session at once is given up")
    func useless() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1)
            try await test.request("POST").respond(status: 404)
            #expect(await test.next() == "unsent \(Test.call(1))")
            try await test.openStreamable(session: "s-2")
            try await test.call(1)
            try await test.request("POST").respond(status: 404)
            #expect(await test.next() == "unsent \(Test.call(1))")
            #expect(await test.next() == "broke the connection: it forgets every session as soon as it is opened")
        }
    }

    @Test("139: one that forgets the session before it is confirmed is asked once more")
    func forgetsAtOnce() async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").respond(status: 404)
            try await test.playInitialize(session: "s-2")
            try await test.request("POST").respond(status: 404)
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: it forgets every session as soon as it is opened")
        }
    }

    @Test("139: a 404 outside of a session is an error of the call's")
    func sessionless() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable(session: nil)
            try await test.call(1)
            try await test.request("POST").respond(status: 404, body: "session?")
            #expect(await test.next() == "call 1 lost: answered with HTTP 404 Not Found (\"session?\")")
        }
    }

    @Test("a new session that cannot be opened ends the life, with the reason")
    func failedRenewal() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            try await test.call(1)
            try await test.request("POST").respond(status: 404)
            _ = await test.next()
            try await test.request("POST").respond(status: 401)
            #expect(
                await test.next() == "broke the connection: the session was lost, and could not be opened anew: HTTP "
                    + "401 Unauthorized: it asks for credentials; put them into \"headers\"")
        }
    }

    @Test("a new session that is never opened ends the life after startTimeout")
    func silentRenewal() async throws {
        try await RemoteUnderTest.with(Setting(startTimeout: .seconds(5))) { test in
            try await test.openStreamable()
            try await test.call(1)
            try await test.request("POST").respond(status: 404)
            _ = await test.next()
            _ = try await test.request("POST")
            #expect(
                await test.next() == "broke the connection: the session was lost, and could not be opened anew: it "
                    + "gave no answer to initialize within its startTimeout")
        }
    }

    @Test("the session is lost, too, when its own stream cannot be opened again")
    func news() async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").respond(status: 202)
            let stream = try await test.request("GET")
            #expect(await test.next() == "ready, revision 2025-11-25")
            stream.beginEvents()
            stream.write("id: 5\nretry: 10\ndata:\n\n")
            stream.endStream()
            let again = try await test.request("GET")
            #expect(again.header("last-event-id") == "5")
            again.respond(status: 404)
            try await test.openStreamable(session: "s-2")
        }
    }

    @Test("on a stop the session is closed, and then everything else")
    func leave() async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").respond(status: 202)
            let stream = try await test.request("GET")
            stream.beginEvents()
            #expect(await test.next() == "ready, revision 2025-11-25")
            await test.act { $0.closeInput() }
            let farewell = try await test.request("DELETE")
            #expect(farewell.header("mcp-session-id") == "s-1")
            #expect(farewell.header("mcp-protocol-version") == "2025-11-25" && farewell.uri == "/mcp")
            await #expect(throws: UpstreamSendFailure.closed) { try await test.call(1) }
            farewell.respond(status: 405)
            #expect(await test.next() == "broke the connection: closed on request")
            await stream.closed
        }
    }

    @Test("a server that does not answer the farewell is left after two seconds, and at once when it must go")
    func silentFarewell() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            await test.act { $0.closeInput() }
            _ = try await test.request("DELETE")
            #expect(await test.next() == "broke the connection: closed on request")
        }
        try await RemoteUnderTest.with { test in
            try await test.openStreamable()
            await test.act { $0.closeInput() }
            _ = try await test.request("DELETE")
            await test.act { $0.terminate() }
            #expect(await test.next() == "broke the connection: closed on request")
        }
    }

    @Test("without a session there is nothing to close")
    func noFarewell() async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable(session: nil)
            await test.act { $0.closeInput() }
            #expect(await test.next() == "broke the connection: closed on request")
        }
    }
}
