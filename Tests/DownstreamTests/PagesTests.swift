import Downstream
import TestSupport
import Testing

@Suite("the gateway's own pages", .timeLimit(.minutes(1)))
struct PagesTests {
    @Test("GET / needs no token and names servers only where there are none")
    func summary() async throws {
        try await TestGateway.run([.init(name: "fetch"), .init(name: "time")]) { gateway in
            let response = try await gateway.exchange("GET", "/")
            #expect(response.status == 200)
            #expect(response.body.contains(#""servers":["fetch","time"]"#))
            #expect(response.body.contains(#""name":"mcp-gateway""#))
        }
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret"]), .init(name: "time")]) { gateway in
            let response = try await gateway.exchange("GET", "/")
            #expect(response.status == 200)
            #expect(!response.body.contains("fetch"))
            #expect(!response.body.contains("time"))
        }
    }

    @Test("liveness does not depend on servers; readiness names the required ones that are missing")
    func readiness() async throws {
        try await TestGateway.run([
            .init(name: "fetch", required: true, becomesReady: false), .init(name: "time", becomesReady: false),
        ]) { gateway in
            for path in ["/livez", "/_healthz", "/livez/"] {
                #expect(try await gateway.exchange("GET", path).status == 200)
            }
            let upstream = try await gateway.upstream()
            for path in ["/readyz", "/_readyz"] {
                let response = try await gateway.exchange("GET", path)
                #expect(response.status == 503)
                #expect(response.body.contains(#""unhealthy":["fetch"]"#))
            }
            upstream.becomeReady()
            while try await gateway.exchange("GET", "/readyz").status != 200 {}
        }
    }

    @Test("/healthz shows details to the bearer of any route's token, and to everybody where there is none")
    func health() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret"]), .init(name: "time")]) { gateway in
            for headers in [[:], ["Authorization": "Bearer wrong"]] {
                let response = try await gateway.exchange("GET", "/healthz", headers)
                #expect(response.status == 200)
                #expect(!response.body.contains("fetch") && !response.body.contains("level"))
            }
            let detailed = try await gateway.exchange("GET", "/healthz", ["Authorization": "Bearer secret"])
            #expect(detailed.body.contains(#"{"name":"fetch","phase":""#))
            #expect(detailed.body.contains(#"{"name":"time","phase":""#))
            #expect(detailed.body.contains(#""health":{"level":""#))
        }
        try await TestGateway.run { gateway in
            let response = try await gateway.exchange("GET", "/healthz")
            #expect(response.body.contains(#""name":"fetch""#))
        }
    }

    @Test("HEAD has the head of GET and no body; other methods are 405")
    func methods() async throws {
        try await TestGateway.run { gateway in
            let connection = try await gateway.connect()
            let head = try await connection.exchange("HEAD", "/livez")
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == "17")
            let post = try await connection.exchange("POST", "/livez", body: "x")
            #expect(post.status == 405)
            #expect(post.headers["allow"] == "GET, HEAD")
            #expect(try await connection.exchange("GET", "/livez").body == #"{"status":"live"}"#)
        }
    }

    @Test(".well-known is 404 and never 401, with a CORS answer for pages")
    func wellKnown() async throws {
        try await TestGateway.run([.init(name: "fetch", tokens: ["secret"])]) { gateway in
            let path = "/.well-known/oauth-protected-resource/fetch/mcp"
            let response = try await gateway.exchange("GET", path, ["Origin": "http://localhost:1"])
            #expect(response.status == 404)
            #expect(response.headers["access-control-allow-origin"] == "http://localhost:1")
            #expect(response.headers["www-authenticate"] == nil)
            let preflight = try await gateway.exchange(
                "OPTIONS", path, ["Origin": "http://localhost:1", "Access-Control-Request-Method": "GET"])
            #expect(preflight.status == 204)
        }
    }

    @Test("all of it is there under the public prefix too")
    func prefix() async throws {
        var settings = TestGateway.patient
        settings.publicAddress = PublicAddress(baseURL: "http://localhost/tools")
        try await TestGateway.run(settings: settings) { gateway in
            for path in ["/tools", "/tools/", "/tools/livez", "/livez"] {
                #expect(try await gateway.exchange("GET", path).status == 200)
            }
            let response = try await gateway.exchange(
                "POST", "/tools/fetch/mcp", TestGateway.json, body: TestGateway.initialize)
            #expect(response.status == 200)
        }
    }
}
