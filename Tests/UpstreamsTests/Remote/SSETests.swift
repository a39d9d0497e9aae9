import Supervision
import TestHTTP
import Testing

@testable import Upstreams

/// Calls to a server that speaks HTTP+SSE.
@Suite(.timeLimit(.minutes(2))) struct SSETests {
    private typealias Setting = RemoteUnderTest.Setting
    private typealias Test = RemoteUnderTest

    private static func ready(
        _ setting: Setting = Setting(path: "/sse"), _ body: (RemoteUnderTest, TestHTTPExchange) async throws -> Void
    ) async throws {
        try await RemoteUnderTest.with(setting) { test in
            let stream = try await test.openSSE()
            try await body(test, stream)
        }
    }

    @Test(
        "138: the endpoint is resolved against the URL of the stream",
        arguments: [
            ("/messages?id=1", "/messages?id=1"), ("messages/?id=1&x=%20", "/team/messages/?id=1&x=%20"),
            ("?id=1", "/team/sse?id=1"), ("../m", "/m"), (" /padded ", "/padded"),
        ])
    func relativeEndpoint(reference: String, target: String) async throws {
        try await RemoteUnderTest.with(Setting(path: "/team/sse?key=secret")) { test in
            let stream = try await test.request("GET")
            #expect(stream.uri == "/team/sse?key=secret" && stream.header("accept") == "text/event-stream")
            stream.beginEvents()
            stream.write("event: endpoint\r\ndata: \(reference)\r\n\r\n")
            let post = try await test.request("POST")
            #expect(post.uri == target && post.text.contains("initialize"))
            #expect(post.header("content-type") == "application/json")
        }
    }

    @Test("138: the endpoint is resolved against where the stream really is, after redirects")
    func redirectedStream() async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            try await test.request("GET").respond(status: 307, headers: [("Location", "/v2/team/sse")])
            let stream = try await test.request("GET")
            #expect(stream.uri == "/v2/team/sse")
            stream.beginEvents()
            stream.write("event: endpoint\ndata: messages?id=1\n\n")
            #expect(try await test.request("POST").uri == "/v2/team/messages?id=1")
        }
    }

    @Test("138: an absolute endpoint of the same origin is taken")
    func absoluteEndpoint() async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            _ = try await test.openSSE(endpoint: test.peer.url("/m?s=1"))
            try await test.call(1)
            #expect(try await test.request("POST").uri == "/m?s=1")
        }
    }

    @Test(
        "138: an endpoint of another origin is refused, and the reason names both origins and no path",
        arguments: [
            "http://127.0.0.1:1/m?key=secret", "https://127.0.0.1:PORT/m", "http://localhost:PORT/m",
            "//evil.example/m",
        ])
    func foreignEndpoint(reference: String) async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            let stream = try await test.request("GET")
            stream.beginEvents()
            stream.write("event: endpoint\ndata: \(reference.replacing("PORT", with: "\(test.peer.port)"))\n\n")
            let end = await test.next()
            #expect(end.hasPrefix("did not complete the MCP handshake: the \"endpoint\" it names is at http"))
            #expect(end.hasSuffix("another origin than http://127.0.0.1:\(test.peer.port)"))
            #expect(!end.contains("/m") && !end.contains("secret"))
            await stream.closed
        }
    }

    @Test(
        "138: an endpoint that is no URL to post to is refused", arguments: ["", "http://", "ftp://127.0.0.1/", "/a b"])
    func noEndpoint(reference: String) async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            let stream = try await test.request("GET")
            stream.beginEvents()
            stream.write("event: endpoint\ndata: \(reference)\n\n")
            #expect(
                await test.next()
                    == "did not complete the MCP handshake: the \"endpoint\" it names is no URL to post to")
        }
    }

    @Test("answers and everything else come on the stream; what is neither is skipped")
    func stream() async throws {
        try await Self.ready { test, stream in
            try await test.call(1, headers: [ForwardedHeader(name: "X-User", value: "ann")])
            let post = try await test.request("POST")
            #expect(post.uri == "/messages?id=1" && post.text == Test.call(1) && post.header("x-user") == "ann")
            #expect(post.header("mcp-session-id") == nil)
            post.respond(status: 202, body: "Accepted")
            stream.write(": ping\n\nevent: ping\ndata: x\n\nevent: message\ndata:\n\n")
            stream.write("event: endpoint\ndata: http://evil.example/\n\n")
            let note = #"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#
            stream.event(note)
            #expect(await test.next() == "message \(note)")
            stream.event("[\(Test.answer(1)),\(note)]")
            #expect(await test.next() == "message \(Test.answer(1))")
            #expect(await test.next() == "message \(note)")
            try await test.call(2)
            #expect(try await test.request("POST").uri == "/messages?id=1")
        }
    }

    @Test("a stream may bring as much as it likes in its time, and a POST that is not acknowledged is given up")
    func volume() async throws {
        try await Self.ready { test, stream in
            for id in 1...10 {
                try await test.call(id)
                let post = try await test.request("POST")
                let answer = Test.answer(id, "\"\(String(repeating: "x", count: 100_000))\"")
                stream.event(answer)
                #expect(await test.next() == "message \(answer)")
                if id == 10 { await post.closed } else { post.respond(status: 202) }
            }
        }
    }

    @Test("an answer in the body of the POST is not an answer, whatever its status")
    func body() async throws {
        try await Self.ready { test, stream in
            try await test.call(1)
            try await test.request("POST").respondJSON(Test.answer(1))
            stream.event(Test.answer(1, "2"))
            #expect(await test.next() == "message \(Test.answer(1, "2"))")
        }
    }

    @Test("a POST that is refused loses its call, and only that")
    func refused() async throws {
        try await Self.ready { test, stream in
            try await test.call(1)
            try await test.request("POST").respond(status: 400, body: "Could not parse message")
            #expect(
                await test.next() == "call 1 lost: answered the call with HTTP 400 Bad Request "
                    + "(\"Could not parse message\")")
            try await test.call(2)
            try await test.request("POST").abort()
            #expect(await test.next().hasPrefix("call 2 lost: did not take the call ("))
            try await test.call(3)
            try await test.request("POST").respond(status: 202)
            stream.event(Test.answer(3))
            #expect(await test.next() == "message \(Test.answer(3))")
        }
    }

    @Test("a POST to a session that the server has forgotten is given back, and the life ends", arguments: [404, 410])
    func forgotten(status: Int) async throws {
        try await Self.ready { test, stream in
            try await test.call(1)
            try await test.request("POST").respond(status: status, body: "Could not find session")
            #expect(await test.next() == "unsent \(Test.call(1))")
            #expect(
                await test.next() == "broke the connection: it answered a message with \(HTTPStatus(status)): "
                    + "it has forgotten the session")
            await stream.closed
        }
    }

    @Test("the end of the stream is the end of the life, however it comes")
    func streamEnds() async throws {
        try await Self.ready { test, stream in
            try await test.call(1)
            try await test.request("POST").respond(status: 202)
            stream.endStream()
            #expect(await test.next() == "broke the connection: it closed the stream of events")
        }
        try await Self.ready { test, stream in
            stream.abort()
            #expect(await test.next().hasPrefix("broke the connection: the stream of events broke ("))
        }
    }

    @Test("a stream that ends before its endpoint, or before initialize is answered, is a failed start")
    func earlyEnds() async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            let stream = try await test.request("GET")
            stream.beginEvents()
            stream.endStream()
            #expect(
                await test.next() == "did not complete the MCP handshake: it closed the stream of events before it "
                    + "named an endpoint")
        }
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            let stream = try await test.request("GET")
            stream.beginEvents()
            stream.write("event: endpoint\ndata: /m\n\n")
            try await test.request("POST").respond(status: 202)
            stream.endStream()
            #expect(await test.next() == "did not complete the MCP handshake: it closed the stream of events")
        }
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            let stream = try await test.request("GET")
            stream.beginEvents()
            stream.write("event: endpoint\ndata: /m\n\n")
            try await test.request("POST").respond(status: 500, body: "boom")
            #expect(
                await test.next() == "did not complete the MCP handshake: it answered initialize with HTTP 500 "
                    + "Internal Server Error (\"boom\")")
        }
    }

    @Test("what the server asks during the handshake is answered")
    func ping() async throws {
        try await RemoteUnderTest.with(Setting(path: "/sse")) { test in
            let stream = try await test.request("GET")
            stream.beginEvents()
            stream.write("event: endpoint\ndata: /m\n\n")
            try await test.request("POST").respond(status: 202)
            stream.event(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
            let pong = try await test.request("POST")
            #expect(pong.text == #"{"jsonrpc":"2.0","id":"p","result":{}}"#)
            pong.respond(status: 202)
            stream.event(Test.initializeResult())
            let initialized = try await test.request("POST")
            #expect(initialized.text.contains("notifications/initialized"))
            initialized.respond(status: 202)
            #expect(await test.next() == "ready, revision 2025-11-25")
        }
    }

    @Test("an answer beyond the limit is thrown away, and the stream goes on")
    func oversized() async throws {
        try await Self.ready(Setting(path: "/sse", messageLimit: 1000)) { test, stream in
            stream.event(Test.answer(1, "\"\(String(repeating: "x", count: 1000))\""))
            #expect(await test.next() == "oversized answer to 1")
            stream.event(Test.answer(2))
            #expect(await test.next() == "message \(Test.answer(2))")
        }
    }

    @Test("on a stop the stream is closed, at once")
    func stop() async throws {
        try await Self.ready { test, stream in
            await test.act { $0.closeInput() }
            #expect(await test.next() == "broke the connection: closed on request")
            await stream.closed
        }
    }
}
