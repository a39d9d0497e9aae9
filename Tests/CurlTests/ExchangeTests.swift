import Curl
import NIOCore
import TestHTTP
import Testing

/// Requests that are answered.
@Suite("HTTP exchanges", .timeLimit(.minutes(2))) struct ExchangeTests {
    @Test("a GET is answered with status, fields and body")
    func get() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/mcp/?a=b"), headers: [HTTPField("Accept", "text/x")])
            let exchange = try #require(await server.next())
            #expect(exchange.method == "GET")
            #expect(exchange.uri == "/mcp/?a=b")
            #expect(exchange.header("accept") == "text/x")
            #expect(exchange.header("host") == "127.0.0.1:\(server.port)")
            exchange.respond(status: 404, headers: [("Content-Type", "text/x"), ("X-It", "1")], body: "no such page")
            let outcome = await receiver.outcome()
            #expect(outcome.failure == nil)
            #expect(outcome.head?.status == 404)
            #expect(outcome.head?.first("content-type") == "text/x")
            #expect(outcome.head?.first("x-it") == "1")
            #expect(outcome.text == "no such page")
        }
    }

    @Test("POST and DELETE send what they are given, and nothing of curl's own", arguments: ["", "{}", nil])
    func bodies(body: String?) async throws {
        try await withClientAndServer { client, server in
            for method in [HTTPRequest.Method.post, .delete] {
                let receiver = try client.begin(method, server.url("/"), headers: [HTTPField("X-A", "b")], body: body)
                let exchange = try #require(await server.next())
                exchange.respond()
                #expect(exchange.method == method.rawValue)
                #expect(exchange.text == body ?? "")
                let expected = method == .delete && body == nil ? nil : "\((body ?? "").utf8.count)"
                #expect(exchange.header("content-length") == expected)
                let names = Set(exchange.headers.map(\.name))
                #expect(names.isSubset(of: ["host", "accept", "x-a", "content-length"]))
                #expect(await receiver.outcome().failure == nil)
            }
        }
    }

    @Test("a body of 5 MB arrives whole in either direction")
    func bigBodies() async throws {
        var bytes = ByteBuffer()
        for number in 0..<(5 * 1024 * 1024 / 8) { bytes.writeInteger(number) }
        let body = bytes
        try await withClientAndServer(handler: { $0.respond(body: $0.body) }) { client, server in
            let request = HTTPRequest(.post, try HTTPURL(server.url("/")), body: body)
            let outcome = await client.start(request).outcome()
            #expect(outcome.failure == nil)
            #expect(outcome.body == body)
        }
    }

    @Test("a stream is told piece by piece while it is open")
    func stream() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/sse"))
            let exchange = try #require(await server.next())
            exchange.beginEvents()
            #expect(try await receiver.head().first("content-type") == "text/event-stream")
            for number in 1...3 {
                exchange.write("data: \(number)\n\n")
                #expect(try await receiver.text(9) == "data: \(number)\n\n")
            }
            exchange.endStream()
            #expect(await receiver.outcome().failure == nil)
        }
    }

    @Test("interim answers, trailers, folded and repeated fields: one head with the fields of the final answer")
    func unusualHeads() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.post, server.url("/"), body: "{}")
            let exchange = try #require(await server.next())
            exchange.writeRaw("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n")
            exchange.writeRaw("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            exchange.writeRaw("HTTP/1.1 200\r\nX-Empty:\r\nSET-cookie: a=1\r\nSet-Cookie:b=2 \r\n")
            exchange.writeRaw("X-Long: one\r\n\ttwo\r\nX-Bytes: \u{00FC}:\r\nTransfer-Encoding: chunked\r\n\r\n")
            exchange.writeRaw("2\r\nhi\r\n0\r\nX-Trailer: 1\r\n\r\n")
            let outcome = await receiver.outcome()
            #expect(outcome.failure == nil)
            #expect(outcome.text == "hi")
            #expect(outcome.head?.status == 200)
            #expect(
                outcome.head?.fields == [
                    HTTPField("x-empty", ""), HTTPField("set-cookie", "a=1"), HTTPField("set-cookie", "b=2"),
                    HTTPField("x-long", "one two"), HTTPField("x-bytes", "\u{00FC}:"),
                    HTTPField("transfer-encoding", "chunked"),
                ])
        }
    }

    @Test("an answer without length ends with its connection")
    func untilClose() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/"))
            let exchange = try #require(await server.next())
            exchange.writeRaw("HTTP/1.0 200 OK\r\n\r\nall there is")
            #expect(try await receiver.head().status == 200)
            #expect(try await receiver.text(12) == "all there is")
            exchange.abort()
            #expect(await receiver.outcome().failure == nil)
        }
    }

    @Test("answers without a body have a head and an end", arguments: [204, 304])
    func noBody(status: Int) async throws {
        try await withClientAndServer(handler: { $0.respond(status: status) }) { client, server in
            let outcome = try await client.send(.get, server.url("/"))
            #expect(outcome.head?.status == status)
            #expect(outcome.failure == nil)
        }
    }

    @Test("header values go out as they are; empty ones, too")
    func headerValues() async throws {
        let fields = [
            HTTPField("X-Colon", "a: b;c"), HTTPField("x-utf8", "grün"), HTTPField("X-Empty", ""),
            HTTPField("X-Blank", "  "), HTTPField("X-Twice", "1"), HTTPField("X-Twice", "2"),
            HTTPField("Content-Type", "application/json"), HTTPField("User-Agent", "mcp"),
            HTTPField("X!#$%&'*+-.^_`|~9", "x"),
        ]
        try await withClientAndServer(handler: { $0.respond() }) { client, server in
            #expect(try await client.send(.post, server.url("/"), headers: fields, body: "{}").failure == nil)
            let exchange = try #require(await server.next())
            let sent = exchange.headers.filter { !["host", "accept", "content-length"].contains($0.name) }
            #expect(sent.map(\.name) == fields.map { $0.name.lowercased() })
            #expect(sent.map(\.value) == fields.map { $0.value == "  " ? "" : $0.value })
        }
    }

    @Test(
        "a header that would break the message is refused, and nothing is sent",
        arguments: [
            HTTPField("X-A", "a\r\nX-B: b"), HTTPField("X-A", "a\nb"), HTTPField("X-A", "a\0b"),
            HTTPField("X-A", "a\r"), HTTPField("", "a"), HTTPField("X A", "a"), HTTPField("X:A", "a"),
            HTTPField("X-A\r\n", "a"), HTTPField("X-Ä", "a"), HTTPField("Content-Length", "7"),
            HTTPField("transfer-encoding", "chunked"), HTTPField("Expect", "100-continue"),
            HTTPField("Connection", "close"),
        ])
    func refusedHeaders(field: HTTPField) async throws {
        try await withClientAndServer(handler: { $0.respond() }) { client, server in
            let headers = [HTTPField("Authorization", "Bearer s3cret"), field]
            let outcome = try await client.send(.post, server.url("/"), headers: headers, body: "{}")
            #expect(outcome.failure?.kind == .other)
            #expect(outcome.failure?.wasSent == false)
            #expect(outcome.failure?.description.contains("a\r") == false)
            #expect(server.allConnections == 0)
        }
    }

    @Test("userinfo of the URL is basic authentication, and an Authorization header is stronger")
    func authentication() async throws {
        try await withClientAndServer(handler: { $0.respond() }) { client, server in
            let url = "http://me:p%40ss@127.0.0.1:\(server.port)/"
            _ = try await client.send(.get, url)
            #expect(await server.next()?.header("authorization") == "Basic bWU6cEBzcw==")
            let headers = [HTTPField("Authorization", "Bearer t")]
            _ = try await client.send(.get, url, headers: headers)
            #expect(await server.next()?.headers.filter { $0.name == "authorization" }.map(\.value) == ["Bearer t"])
        }
    }

    @Test("no cookie and no compression: what a server sets is not sent back, what it compresses stays so")
    func noState() async throws {
        let handler: @Sendable (TestHTTPExchange) -> Void = {
            $0.respond(headers: [("Set-Cookie", "a=b"), ("Content-Encoding", "gzip")], body: "not really gzip")
        }
        try await withClientAndServer(handler: handler) { client, server in
            for _ in 1...2 {
                #expect(try await client.send(.get, server.url("/")).text == "not really gzip")
                let exchange = try #require(await server.next())
                #expect(exchange.header("cookie") == nil && exchange.header("accept-encoding") == nil)
            }
        }
    }

    @Test("the same connection is used for one request after the other, another one while it is busy")
    func reuse() async throws {
        try await withClientAndServer { client, server in
            var numbers: [Int] = []
            let stream = try client.begin(.get, server.url("/sse"))
            let first = try #require(await server.next())
            first.beginEvents()
            for method in [HTTPRequest.Method.post, .get, .delete, .post] {
                let receiver = try client.begin(method, server.url("/"), body: method == .post ? "{}" : nil)
                let exchange = try #require(await server.next())
                numbers.append(exchange.connection)
                exchange.respond(body: "done")
                #expect(await receiver.outcome().text == "done")
            }
            #expect(numbers == [2, 2, 2, 2])
            first.endStream()
            #expect(await stream.outcome().failure == nil)
        }
    }
}
