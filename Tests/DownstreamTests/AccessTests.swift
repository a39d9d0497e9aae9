import Downstream
import GatewayCore
import JSONRPC
import Testing

@Suite("who may ask", .timeLimit(.minutes(1)))
struct AccessTests {
    @Test("[1] [4] foreign and null origins get 403 that names cors.origins, and nothing is dispatched")
    func foreignOrigin() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            for origin in ["http://evil.example", "null"] {
                for (method, path) in [("POST", "/fetch/mcp"), ("GET", "/fetch/sse"), ("DELETE", "/fetch/mcp")] {
                    let response = try await gateway.exchange(
                        method, path, headers.merging(["Origin": origin]) { $1 },
                        body: method == "POST" ? TestGateway.call("evil", id: "1") : nil)
                    #expect(response.status == 403)
                    #expect(response.body.contains("cors.origins"))
                    #expect(response.headers["access-control-allow-origin"] == nil)
                }
            }
            _ = try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.call("good", id: "2"))
            let first = try await upstream.next("tools/call")
            #expect(first.paramsName == "good")
        }
    }

    @Test("[2] a foreign Host gets 421 that names allowedHosts; the own ones are served")
    func foreignHost() async throws {
        try await TestGateway.run { gateway in
            let foreign = try await gateway.exchange("GET", "/", ["Host": "evil.example.com"])
            #expect(foreign.status == 421)
            #expect(foreign.body.contains("allowedHosts"))
            for host in ["localhost", "127.0.0.1", "[::1]"] {
                let response = try await gateway.exchange("GET", "/", ["Host": "\(host):\(gateway.port)"])
                #expect(response.status == 200)
            }
            // What the target says counts more than the field.
            let absolute = try await gateway.exchange("GET", "http://evil.example.com/", ["Host": "localhost"])
            #expect(absolute.status == 421)
        }
    }

    @Test("[2] no Host, two of them, or a malformed one is 400")
    func malformedHost() async throws {
        try await TestGateway.run { gateway in
            for head in ["", "Host: localhost\r\nHost: localhost\r\n", "Host: a b\r\n"] {
                let connection = try await gateway.connect()
                try await connection.send("GET / HTTP/1.1\r\n\(head)\r\n")
                #expect(try await connection.response().status == 400)
            }
        }
    }

    @Test("[3] without an Origin a request is served, and its answer names none")
    func noOrigin() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", TestGateway.json, body: TestGateway.initialize)
            #expect(response.status == 200)
            #expect(response.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test("allowed origins and hosts come from the settings")
    func configured() async throws {
        var settings = TestGateway.patient
        settings.allowedOrigins = ["http://linuxserver.lan:*"]
        settings.allowedHosts = ["nas.lan"]
        try await TestGateway.run(settings: settings) { gateway in
            let origin = "http://linuxserver.lan:3000"
            let response = try await gateway.exchange("GET", "/", ["Host": "nas.lan:9090", "Origin": origin])
            #expect(response.status == 200)
            #expect(response.headers["access-control-allow-origin"] == origin)
            #expect(response.headers["vary"] == "origin")
        }
    }

    @Test("[14] a preflight needs no token and permits what MCP clients send")
    func preflight() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret"])]) { gateway in
            let response = try await gateway.exchange(
                "OPTIONS", "/fetch/mcp",
                [
                    "Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "authorization,mcp-param-x,x-evil, Mcp-Param-Region",
                ])
            #expect(response.status == 204)
            #expect(response.headers["access-control-allow-origin"] == "http://localhost:5173")
            #expect(response.headers["access-control-allow-methods"] == "GET, POST, DELETE")
            let allowed = response.headers["access-control-allow-headers"]?.components ?? []
            for name in [
                "content-type", "accept", "authorization", "mcp-session-id", "mcp-protocol-version", "last-event-id",
                "mcp-method", "mcp-name", "mcp-param-x", "mcp-param-region",
            ] {
                #expect(allowed.contains(name))
            }
            #expect(!allowed.contains("x-evil"))
            let foreign = try await gateway.exchange(
                "OPTIONS", "/fetch/mcp", ["Origin": "http://evil.example", "Access-Control-Request-Method": "POST"])
            #expect(foreign.status == 403)
        }
    }

    @Test("[14] an answer, a refusal too, exposes the session id and the challenge to an allowed page")
    func exposedHeaders() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret"])]) { gateway in
            let origin = ["Origin": "http://localhost:5173"]
            for path in ["/fetch/mcp", "/nobody/mcp"] {
                let response = try await gateway.exchange(
                    "POST", path, TestGateway.json.merging(origin) { $1 }, body: TestGateway.initialize)
                #expect(response.status >= 400)
                #expect(response.headers["access-control-allow-origin"] == "http://localhost:5173")
                #expect(
                    response.headers["access-control-expose-headers"]?.components == [
                        "mcp-session-id", "www-authenticate",
                    ])
            }
        }
    }

    @Test("a route with tokens answers 401 with a challenge, before it looks at anything else")
    func unauthorized() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret", "other"]), .init(name: "time")]) { gateway in
            for (method, path) in [("POST", "/fetch/mcp"), ("GET", "/fetch/sse"), ("PUT", "/fetch/message")] {
                let response = try await gateway.exchange(method, path, ["Authorization": "Bearer wrong"])
                #expect(response.status == 401)
                #expect(response.headers["www-authenticate"] == "Bearer")
            }
            for value in ["Bearer secret", "bearer other", "secret"] {
                let response = try await gateway.exchange(
                    "POST", "/fetch/mcp", TestGateway.json.merging(["Authorization": value]) { $1 },
                    body: TestGateway.initialize)
                #expect(response.status == 200)
            }
            let open = try await gateway.exchange(
                "POST", "/time/mcp", TestGateway.json, body: TestGateway.initialize)
            #expect(open.status == 200)
        }
    }

    @Test("a refused request with a body leaves the connection usable")
    func refusalKeepsConnection() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret"])]) { gateway in
            let connection = try await gateway.connect()
            for _ in 1...2 {
                let refused = try await connection.exchange(
                    "POST", "/fetch/mcp", TestGateway.json, body: TestGateway.initialize)
                #expect(refused.status == 401)
            }
            #expect(try await connection.exchange("GET", "/livez").status == 200)
        }
    }

    @Test("[12] an unknown server is 404, and its body is JSON but no JSON-RPC")
    func unknownServer() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret"])]) { gateway in
            for path in ["/nobody/mcp", "/fetch", "/fetch/mcp/x", "/.well-known/oauth-authorization-server"] {
                for method in ["GET", "POST"] {
                    let response = try await gateway.exchange(method, path)
                    #expect(response.status == 404)
                    #expect(response.headers["content-type"] == "application/json")
                    #expect(response.body.hasPrefix(#"{"error":"not found","hint":""#))
                    #expect(!response.body.contains("jsonrpc"))
                    #expect(!response.body.contains("fetch\""))
                }
            }
        }
    }

    @Test("[12] the initialize of a server that cannot start is 503 with Retry-After, and opens no session")
    func disabledServer() async throws {
        try await TestGateway.run([.init(name: "off", isDisabled: true)]) { gateway in
            let response = try await gateway.exchange(
                "POST", "/off/mcp", TestGateway.json, body: TestGateway.initialize)
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] == "5")
            #expect(response.headers["mcp-session-id"] == nil)
            #expect(response.body.contains(#""id":0,"error":{"code":-32603"#))
            #expect(response.body.contains(#""data":{"server":"off","phase":"disabled""#))
            // The session that was opened for it is closed on a later turn of the loop.
            var sessions = 1
            while sessions > 0 { sessions = await gateway.gateway.status().sessions }
        }
    }
}

extension String {
    /// The elements of a comma-separated header.
    var components: [String] {
        split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
}
