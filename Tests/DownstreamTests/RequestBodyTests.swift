import Downstream
import JSONRPC
import TestSupport
import Testing

@Suite("bodies and bytes", .timeLimit(.minutes(1)))
struct RequestBodyTests {
    @Test("[6] a body of another type is 415 and not dispatched", arguments: ["text/plain", "", nil] as [String?])
    func mediaType(_ type: String?) async throws {
        try await TestGateway.run { gateway in
            var headers = try await gateway.session()
            headers["Content-Type"] = type
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("evil", id: "1"))
            #expect(response.status == 415)
            headers["Content-Type"] = "application/json; charset=utf-8"
            _ = try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.call("good", id: "2"))
            let first = try await gateway.upstream().next("tools/call")
            #expect(first.paramsName == "good")
        }
    }

    @Test("[7] a body that announces too much is 413 before it is sent, and the connection closes cleanly")
    func announcedTooLarge() async throws {
        var settings = TestGateway.patient
        settings.bodyLimit = 1000
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            try await connection.send(
                "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1001\r\n\r\n")
            let response = try await connection.response()
            #expect(response.status == 413)
            #expect(response.headers["connection"] == "close")
            try await connection.send(String(repeating: " ", count: 1001))
            await connection.waitForEnd()
        }
    }

    @Test("[7] a body in chunks is 413 as soon as it is too long; one at the limit is read")
    func chunkedTooLarge() async throws {
        var settings = TestGateway.patient
        settings.bodyLimit = 1000
        try await TestGateway.run(settings: settings) { gateway in
            let head =
                "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
            let connection = try await gateway.connect()
            let initialize = TestGateway.initialize
            let padding = String(repeating: " ", count: 1000 - initialize.utf8.count)
            try await connection.send(head)
            for piece in [initialize, padding] {
                try await connection.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
            }
            try await connection.send("0\r\n\r\n")
            #expect(try await connection.response().status == 200)

            try await connection.send(head + "3e8\r\n\(String(repeating: " ", count: 1000))\r\n")
            try await connection.send("1\r\n \r\n")
            #expect(try await connection.response().status == 413)
            try await connection.send("0\r\n\r\n")
            await connection.waitForEnd()
        }
    }

    @Test("a head over the limit is 431, be it one field or many, or the target")
    func headTooLarge() async throws {
        var settings = TestGateway.patient
        settings.headerLimit = 4096
        try await TestGateway.run(settings: settings) { gateway in
            let long = String(repeating: "x", count: 5000)
            let many = (0..<100).map { "X-\($0): \(String(repeating: "y", count: 50))\r\n" }.joined()
            for head in [
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(long)\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\n\(many)\r\n", "GET /\(long) HTTP/1.1\r\nHost: localhost\r\n\r\n",
            ] {
                let connection = try await gateway.connect()
                try await connection.send(head)
                let response = try await connection.response()
                #expect(response.status == 431)
                #expect(response.headers["connection"] == "close")
                await connection.waitForEnd()
            }
        }
    }

    @Test("a head at the limit is read; beyond it, it is 431")
    func headAtTheLimit() async throws {
        var settings = TestGateway.patient
        settings.headerLimit = 4096
        try await TestGateway.run(settings: settings) { gateway in
            // Names and values count, and the target; what stands between them does not.
            let rest = "/livez".utf8.count + "Host".utf8.count + "localhost".utf8.count + "X".utf8.count
            for (length, status) in [(4096 - rest, 200), (4096, 431)] {
                let response = try await gateway.exchange("GET", "/livez", ["X": String(repeating: "x", count: length)])
                #expect(response.status == status)
            }
        }
    }

    @Test("a head of 256 fields is read; one more, and it is 431")
    func fieldCount() async throws {
        try await TestGateway.run { gateway in
            for (count, status) in [(256, 200), (257, 431)] {
                let headers = Dictionary(uniqueKeysWithValues: (1..<count).map { ("X-\($0)", "y") })
                let response = try await gateway.exchange("GET", "/livez", headers)
                #expect(response.status == status)
            }
        }
    }

    @Test(
        "[8] what is no JSON is 400 with -32700 and a null id",
        arguments: ["", "{", "{\"jsonrpc\":\"2.0\",\"id\":1,", "nonsense", "{\"a\":\"\u{1}\"}", "{}x"])
    func malformedJSON(_ body: String) async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            for path in ["/fetch/mcp", stream.endpoint] {
                let response = try await gateway.exchange("POST", path, TestGateway.json, body: body)
                #expect(response.status == 400)
                #expect(response.body.contains(#""id":null,"error":{"code":-32700"#))
            }
        }
    }

    @Test("JSON that is nested too deeply is 400 with -32700")
    func deepJSON() async throws {
        try await TestGateway.run { gateway in
            let deep = String(repeating: "[", count: 100_000)
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", TestGateway.json,
                body: #"{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":\#(deep)"#)
            #expect(response.status == 400)
            #expect(response.body.contains("-32700"))
        }
    }

    @Test(
        "[9] JSON that is no JSON-RPC message is 400 with -32600",
        arguments: [
            #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, #"{"jsonrpc":"2.0","id":true,"method":"ping"}"#,
            #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, #"{"id":1,"method":"ping"}"#, "{}", "1", #""x""#, "null",
            "[]", #"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, #"{"jsonrpc":"2.0","id":1,"method":2}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#,
        ])
    func invalidRequest(_ body: String) async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            let session = try await gateway.session()
            for (path, headers) in [("/fetch/mcp", session), (stream.endpoint, TestGateway.json)] {
                let response = try await gateway.exchange("POST", path, headers, body: body)
                #expect(response.status == 400)
                #expect(response.body.contains(#""id":null,"error":{"code":-32600"#))
            }
        }
    }

    @Test(
        "bytes that are no HTTP are 400, and the connection closes",
        arguments: ["\u{16}\u{3}\u{1}\r\n\r\n", "hello\r\n\r\n"])
    func noHTTP(_ bytes: String) async throws {
        try await TestGateway.run { gateway in
            let connection = try await gateway.connect()
            try await connection.send(bytes)
            let response = try await connection.response()
            #expect(response.status == 400)
            await connection.waitForEnd()
        }
    }

    @Test("a client that asks before it sends its body is told to go on")
    func expectContinue() async throws {
        try await TestGateway.run { gateway in
            let connection = try await gateway.connect()
            let body = TestGateway.initialize
            try await connection.send(
                "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
            #expect(try await connection.response().status == 100)
            try await connection.send(body)
            #expect(try await connection.response().status == 200)
        }
    }

    @Test("a request for an upgrade to HTTP/2 is answered over HTTP/1.1, body and all")
    func upgrade() async throws {
        try await TestGateway.run { gateway in
            let connection = try await gateway.connect()
            let headers = TestGateway.json.merging([
                "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAEAAEAAAAIAAAABAAMAAABk",
            ]) { $1 }
            let response = try await connection.exchange("POST", "/fetch/mcp", headers, body: TestGateway.initialize)
            #expect(response.status == 200)
            #expect(response.headers["connection"] == "close")
            await connection.waitForEnd()
        }
    }

    @Test("requests that come in one go are answered in their order")
    func pipelining() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            for id in 2...20 {
                try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "\(id)"))
                try await connection.request("GET", "/livez")
            }
            let held = try await upstream.next("tools/call")
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{"held":true}}"#)
            #expect(try await connection.response().body == #"{"jsonrpc":"2.0","id":1,"result":{"held":true}}"#)
            for id in 2...20 {
                #expect(try await connection.response().body.contains(#""id":\#(id),"#))
                #expect(try await connection.response().body.contains("live"))
            }
        }
    }

    @Test("Connection: close is honoured, and HTTP/1.0 is answered and closed", arguments: ["HTTP/1.1", "HTTP/1.0"])
    func close(_ version: String) async throws {
        try await TestGateway.run { gateway in
            let connection = try await gateway.connect()
            try await connection.send("GET /livez \(version)\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let response = try await connection.response()
            #expect(response.status == 200)
            #expect(response.headers["connection"] == "close")
            await connection.waitForEnd()
        }
    }

    @Test("what follows a request with Connection: close is not read, and does not cost that request its answer")
    func bytesAfterClose() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let fields = headers.map { "\($0): \($1)\r\n" }.joined() + "Host: localhost\r\nConnection: close\r\n"
            let body = TestGateway.call("echo", id: "1")
            let rest = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let call = try await gateway.connect()
            try await call.send(
                "POST /fetch/mcp HTTP/1.1\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)\(rest)")
            #expect(try await call.response().body.contains(#""tool":"echo""#))
            await call.waitForEnd()
            let page = try await gateway.connect()
            try await page.send("GET / HTTP/1.1\r\n\(fields)\r\n\(rest)")
            #expect(try await page.response().status == 200)
            await page.waitForEnd()
            let stream = try await gateway.connect()
            try await stream.send("GET /fetch/sse HTTP/1.1\r\n\(fields)\r\n\(rest)")
            #expect(try await stream.head().status == 200)
            #expect(try await stream.event()?.hasPrefix("event: endpoint") == true)
        }
    }

    @Test("a client that takes too long to send its request is told so and shown out")
    func requestTimeout() async throws {
        var settings = TestGateway.patient
        settings.requestTimeout = .milliseconds(50)
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            try await connection.send(
                "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 9\r\n\r\n{")
            #expect(try await connection.response().status == 408)
            await connection.waitForEnd()
        }
    }

    @Test("a connection without a request is closed, at once or after the last one")
    func idleTimeout() async throws {
        var settings = TestGateway.patient
        settings.idleTimeout = .milliseconds(50)
        try await TestGateway.run(settings: settings) { gateway in
            let silent = try await gateway.connect()
            await silent.waitForEnd()
        }
    }

    @Test("one connection too many is turned away with 503")
    func connectionLimit() async throws {
        var settings = TestGateway.patient
        settings.connectionLimit = 2
        try await TestGateway.run(settings: settings) { gateway in
            let first = try await gateway.connect()
            let second = try await gateway.connect()
            #expect(try await first.exchange("GET", "/livez").status == 200)
            #expect(try await second.exchange("GET", "/livez").status == 200)
            let third = try await gateway.connect()
            #expect(try await third.response().status == 503)
            await third.waitForEnd()
        }
    }
}
