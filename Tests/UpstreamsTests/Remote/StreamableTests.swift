import NIOCore
import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// Calls to a streamable server, and everything that can be answered to them.
@Suite(.timeLimit(.minutes(2))) struct StreamableTests {
    private typealias Setting = RemoteUnderTest.Setting
    private typealias Test = RemoteUnderTest

    /// Runs `body` when the connection is ready.
    private static func ready(_ setting: Setting = Setting(), _ body: (RemoteUnderTest) async throws -> Void)
        async throws
    {
        try await RemoteUnderTest.with(setting) { test in
            try await test.openStreamable()
            try await body(test)
        }
    }

    // MARK: What is sent

    @Test("a message goes out byte for byte, with its session and revision, and what the protocol wants to be accepted")
    func request() async throws {
        try await Self.ready(Setting(headers: ["X-Key": "k", "Accept": "text/html"])) { test in
            let line = #"{ "id":7,"method":"x","jsonrpc":"2.0", "unknown":1.50,"params":{"a":9007199254740993}}"#
            try await test.send(line, headers: [ForwardedHeader(name: "X-User", value: "ann")])
            let post = try await test.request("POST")
            #expect(post.text == line && post.uri == "/mcp")
            let names = ["mcp-session-id", "mcp-protocol-version", "accept", "content-type", "x-key", "x-user"]
            #expect(
                names.map { name in post.headers.filter { $0.name == name }.map(\.value) }
                    == [
                        ["s-1"], ["2025-11-25"], ["application/json, text/event-stream"], ["application/json"], ["k"],
                        ["ann"],
                    ])
            post.respondJSON(Test.answer(7))
            #expect(await test.next() == "message \(Test.answer(7))")
        }
    }

    @Test("150: headers that are passed on go with their message only, and never a client's credentials")
    func forwarding() async throws {
        try await Self.ready(Setting(headers: ["Authorization": "Bearer ours"])) { test in
            let hers = ["Authorization": "Bearer hers", "Cookie": "c=1", "X-User": "ann", "Mcp-Session-Id": "hers"]
            try await test.call(1, headers: hers.map { ForwardedHeader(name: $0.key, value: $0.value) })
            let first = try await test.request("POST")
            #expect(first.header("authorization") == "Bearer ours" && first.header("cookie") == nil)
            #expect(first.headers.filter { $0.name == "mcp-session-id" }.map(\.value) == ["s-1"])
            #expect(first.headers.filter { $0.name == "authorization" }.count == 1)
            #expect(first.header("x-user") == "ann")
            first.respondJSON(Test.answer(1))
            try await test.call(2)
            let second = try await test.request("POST")
            #expect(second.header("x-user") == nil && second.header("authorization") == "Bearer ours")
        }
    }

    @Test(
        "the revision that the server chose goes along, whichever it is",
        arguments: ["2024-11-05", "2025-03-26", "2025-06-18"])
    func revision(chosen: String) async throws {
        try await RemoteUnderTest.with { test in
            try await test.openStreamable(session: nil, revision: chosen)
            try await test.call(1)
            let post = try await test.request("POST")
            #expect(post.header("mcp-protocol-version") == chosen && post.header("mcp-session-id") == nil)
        }
    }

    @Test("a redirect within the server is followed, message and all")
    func redirect() async throws {
        try await RemoteUnderTest.with { test in
            for line in ["initialize", "notifications/initialized", "tools/call"] {
                if line == "tools/call" {
                    try await test.request("GET").respond(status: 405)
                    _ = await test.next()
                    try await test.call(1)
                }
                let first = try await test.request("POST")
                #expect(first.uri == "/mcp")
                first.respond(status: 307, headers: [("Location", "/mcp/")])
                let second = try await test.request("POST")
                #expect(second.uri == "/mcp/" && second.text.contains(line))
                second.respondJSON(line == "initialize" ? Test.initializeResult() : Test.answer(1))
            }
            #expect(await test.next() == "message \(Test.answer(1))")
        }
    }

    @Test("a redirect to another origin is not followed")
    func foreignRedirect() async throws {
        let other = try await TestHTTPServer.start()
        try await Self.ready { test in
            try await test.call(1)
            try await test.request("POST").respond(status: 307, headers: [("Location", other.url("/mcp?key=secret"))])
            let lost = await test.next()
            #expect(lost.hasPrefix("call 1 lost: ") && lost.contains("127.0.0.1:\(other.port)"))
            #expect(!lost.contains("secret"))
        }
        #expect(other.allConnections == 0)
        await other.stop()
    }

    // MARK: What is answered

    @Test("an answer comes as JSON or as a stream, with other messages before it")
    func answers() async throws {
        try await Self.ready { test in
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginEvents()
            let progress =
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#
            post.write(": hello\nretry: 10\n\n")
            post.event(progress)
            #expect(await test.next() == "message \(progress)")
            let ping = #"{"jsonrpc":"2.0","id":"p","method":"ping"}"#
            post.write("event: other\ndata: {}\n\ndata:\n\ndata: \(ping)\n\n")
            #expect(await test.next() == "message \(ping)")
            try await test.send(#"{"jsonrpc":"2.0","id":"p","result":{}}"#)
            try await test.request("POST").respond(status: 202)
            post.event(Test.answer(1))
            #expect(await test.next() == "message \(Test.answer(1))")
            post.endStream()
            try await test.call(2)
            try await test.request("POST").respondJSON(Test.answer(2))
            #expect(await test.next() == "message \(Test.answer(2))")
        }
    }

    @Test("a server may answer many calls at once, in any order")
    func concurrency() async throws {
        try await Self.ready { test in
            var posts: [TestHTTPExchange] = []
            for id in 1...20 {
                try await test.call(id)
                posts.append(try await test.request("POST"))
            }
            for (id, post) in zip(1...20, posts).reversed() {
                #expect(post.text.contains("\"id\":\(id),"))
                post.respondJSON(Test.answer(id))
                #expect(await test.next() == "message \(Test.answer(id))")
            }
        }
    }

    @Test("the messages of an array come one by one, as JSON and in a stream")
    func batches() async throws {
        try await Self.ready { test in
            let note = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
            try await test.call(1)
            try await test.request("POST").respondJSON("[\(note),\(Test.answer(1))]")
            #expect(await test.next() == "message \(note)")
            #expect(await test.next() == "message \(Test.answer(1))")
            try await test.call(2)
            let post = try await test.request("POST")
            post.beginEvents()
            post.event("[\(Test.answer(2)),\(note)]")
            #expect(await test.next() == "message \(Test.answer(2))")
            #expect(await test.next() == "message \(note)")
        }
    }

    @Test("an error with a status and the call's id is the answer")
    func errorWithStatus() async throws {
        try await Self.ready { test in
            for (id, status) in [(1, 400), (2, 404), (3, 500)] {
                try await test.call(id)
                let error = #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32602,"message":"no such tool"}}"#
                try await test.request("POST").respondJSON(error, status: status)
                #expect(await test.next() == "message \(error)")
            }
        }
    }

    @Test("any other error loses the call, and only the call")
    func errors() async throws {
        try await Self.ready(Setting(headers: ["Authorization": "Bearer secret-token"])) { test in
            try await test.call(1)
            try await test.request("POST").respond(status: 500, body: "bad \u{7}luck with secret-token")
            #expect(
                await test.next()
                    == "call 1 lost: answered with HTTP 500 Internal Server Error (\"bad luck with …\")")
            try await test.call(1, headers: [ForwardedHeader(name: "X-Key", value: "her-key")])
            try await test.request("POST").respond(status: 403, body: "her-key is not ours-1, says s-1")
            #expect(
                await test.next() == "call 1 lost: answered with HTTP 403 Forbidden (\"… is not ours-1, says s-1\")")
            try await test.call(2)
            let error = #"{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request: x"}}"#
            try await test.request("POST").respondJSON(error, status: 400)
            #expect(await test.next() == "call 2 lost: answered with HTTP 400 Bad Request (\"Bad Request: x\")")
            try await test.call(3)
            try await test.request("POST").respondJSON(Test.answer(3))
            #expect(await test.next() == "message \(Test.answer(3))")
        }
    }

    @Test("a body that is no message loses the call with the reason")
    func noMessage() async throws {
        try await Self.ready { test in
            let half = #"{"jsonrpc":"2.0","id":1,"result":"#
            let cases: [(type: String, body: String, reason: String)] = [
                ("application/json", half, "answered with what is no JSON-RPC message: not JSON, at byte 33"),
                ("application/json", "", "gave no answer with HTTP 200"),
                ("application/json", Test.answer(99), "gave no answer with HTTP 200"),
                ("application/json", "[]", "gave no answer with HTTP 200"),
                (
                    "text/html; charset=utf-8", "<html>",
                    "answered HTTP 200 with text/html; charset=utf-8, which is no MCP message"
                ),
            ]
            for (type, body, reason) in cases {
                try await test.call(1)
                try await test.request("POST").respond(headers: [("Content-Type", type)], body: body)
                var next = await test.next()
                if next.hasPrefix("message") { next = await test.next() }
                #expect(next == "call 1 lost: \(reason)")
            }
            try await test.call(1)
            try await test.request("POST").respond(status: 202)
            #expect(await test.next() == "call 1 lost: gave no answer with HTTP 202")
        }
    }

    @Test("JSON that breaks off loses the call, and so does a connection that breaks before any answer")
    func broken() async throws {
        try await Self.ready { test in
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginStream(headers: [("Content-Type", "application/json"), ("Content-Length", "100")])
            try await post.write(#"{"jsonrpc":"2.0""#).get()
            post.abort()
            #expect(await test.next().hasPrefix("call 1 lost: broke off its answer ("))
            try await test.call(2)
            try await test.request("POST").abort()
            #expect(await test.next().hasPrefix("call 2 lost: did not take the call ("))
        }
    }

    @Test("a call that was sent over a connection that is used again is never sent twice")
    func neverTwice() async throws {
        try await Self.ready { test in
            for id in 1...10 {
                try await test.call(id)
                let post = try await test.request("POST")
                #expect(post.text.contains("\"id\":\(id),"))
                if id.isMultiple(of: 2) {
                    post.abort()
                    #expect(await test.next().hasPrefix("call \(id) lost: "))
                } else {
                    post.respondJSON(Test.answer(id))
                    #expect(await test.next() == "message \(Test.answer(id))")
                }
            }
        }
    }

    @Test("an answer beyond the limit is thrown away: JSON for its call, an event for the call it names")
    func oversized() async throws {
        try await Self.ready(Setting(messageLimit: 1000)) { test in
            let long = Test.answer(1, "\"\(String(repeating: "x", count: 1000))\"")
            try await test.call(1)
            try await test.request("POST").respondJSON(long)
            #expect(await test.next() == "oversized answer to 1")
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginEvents()
            post.event(long)
            #expect(await test.next() == "oversized answer to 1")
            post.endStream()
            try await test.call(2)
            try await test.request("POST").respondJSON(Test.answer(2))
            #expect(await test.next() == "message \(Test.answer(2))")
        }
    }

    @Test("answers of megabytes come whole, as JSON and as events")
    func large() async throws {
        try await Self.ready { test in
            let long = Test.answer(1, "\"\(String(repeating: "x", count: 3_000_000))\"")
            try await test.call(1)
            try await test.request("POST").respondJSON(long)
            #expect(await test.next() == "message \(long)")
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginEvents()
            post.event(long)
            #expect(await test.next() == "message \(long)")
        }
    }

    @Test("junk in a stream is reported, and the answer after it still comes")
    func junk() async throws {
        try await Self.ready { test in
            try await test.call(1)
            let post = try await test.request("POST")
            post.beginEvents()
            post.event("hello")
            #expect(await test.next() == "unusable output for ?: not JSON, at byte 0")
            post.event(Test.answer(1))
            #expect(await test.next() == "message \(Test.answer(1))")
        }
    }

    @Test("what is answered to a notification does not matter, not even to the one that ends the handshake")
    func acknowledgements() async throws {
        for (status, body) in [(200, "ok"), (200, "{"), (204, ""), (400, "{"), (500, "")] {
            try await RemoteUnderTest.with { test in
                try await test.playInitialize()
                try await test.request("POST").respondJSON(body, status: status)
                try await test.request("GET").respond(status: 405)
                #expect(await test.next() == "ready, revision 2025-11-25")
                try await test.send(#"{"jsonrpc":"2.0","method":"notifications/x"}"#)
                try await test.request("POST").respondJSON(body, status: status)
                try await test.call(1)
                try await test.request("POST").respondJSON(Test.answer(1))
                #expect(await test.next() == "message \(Test.answer(1))")
            }
        }
    }

    @Test("an answer to initialize that cannot be read ends the handshake at once", arguments: [true, false])
    func unreadable(isTooLong: Bool) async throws {
        try await RemoteUnderTest.with(Setting(messageLimit: 1000)) { test in
            let initialize = try await test.request("POST")
            initialize.beginEvents()
            let filler = isTooLong ? String(repeating: "x", count: 1000) : "\u{1}"
            initialize.event(#"{"jsonrpc":"2.0","id":"initialize","result":{"x":"\#(filler)"}}"#)
            let reason =
                isTooLong ? "is longer than limits.messageBytes" : "is no JSON-RPC message: not JSON, at byte 50"
            var next = await test.next()
            if !isTooLong {
                #expect(next == "unusable output for \"initialize\": not JSON, at byte 50")
                next = await test.next()
            }
            #expect(next == "unusable: its answer to initialize \(reason)")
        }
    }

    @Test("one that is never answered ends the handshake otherwise")
    func unconfirmed() async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").abort()
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: it did not take notifications/initialized "
                    + "(the connection broke before an answer)")
        }
    }

    // MARK: The stream of its own

    @Test("what the server says unasked comes on a stream of its own, opened when the session is")
    func news() async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").respond(status: 202)
            let stream = try await test.request("GET")
            #expect(stream.header("mcp-session-id") == "s-1" && stream.header("mcp-protocol-version") == "2025-11-25")
            #expect(stream.header("accept") == "text/event-stream" && stream.header("last-event-id") == nil)
            #expect(await test.next() == "ready, revision 2025-11-25")
            stream.beginEvents()
            let note = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
            stream.event(note)
            #expect(await test.next() == "message \(note)")
        }
    }

    @Test("a server without such a stream is not asked again", arguments: [400, 401, 404, 405, 501])
    func withoutNews(status: Int) async throws {
        try await RemoteUnderTest.with { test in
            try await test.playInitialize()
            try await test.request("POST").respond(status: 202)
            try await test.request("GET").respond(status: status)
            #expect(await test.next() == "ready, revision 2025-11-25")
            // More than one, so that what the GET brings about has been seen by then.
            for id in 1...10 {
                try await test.call(id)
                let post = try await test.request()
                #expect(post.text == Test.call(id))
                post.respondJSON(Test.answer(id))
                #expect(await test.next() == "message \(Test.answer(id))")
            }
        }
    }

    // MARK: Bounds

    @Test("1024 messages may be under way; the next is refused, but a cancellation of one of them is not")
    func limit() async throws {
        try await Self.ready { test in
            for id in 1...1024 { try await test.call(id) }
            let refusal = await #expect(throws: UpstreamSendFailure.self) { try await test.call(1025) }
            guard case .backlogFull(let bytes) = refusal else { return #expect(refusal == .backlogFull(bytes: 0)) }
            #expect(bytes > 1024 * 60)
            var posts: [TestHTTPExchange] = []
            for _ in 1...1024 { posts.append(try await test.request("POST")) }
            let first = try #require(posts.first { $0.text == Test.call(1) })
            try await test.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
            let cancellation = try await test.request("POST")
            #expect(cancellation.text.contains("cancelled"))
            cancellation.respond(status: 202)
            await first.closed
            try await test.call(1025)
            #expect(try await test.request("POST").text == Test.call(1025))
        }
    }
}
