import JSONRPC
import NIOHTTP1
import Supervision
import TestSupport
import Testing

@testable import Downstream

@Suite("headers that go along with a call", .timeLimit(.minutes(1)))
struct ForwardedHeadersTests {
    /// A route that asks for more than it may have.
    private static let greedy = TestGateway.Server(
        name: "fetch", tokens: ["secret"],
        forwardedHeaders: [
            "X-Tenant", "Authorization", "cookie", "Host", "Content-Type", "Accept", "Mcp-Session-Id",
            "MCP-Protocol-Version", "Origin", "X-Forwarded-For", "Forwarded", "Last-Event-ID", "traceparent",
            "Connection", "Proxy-Authorization",
        ])
    private static let sent = [
        "Authorization": "Bearer secret", "Cookie": "session=1", "Proxy-Authorization": "Basic x",
        "Origin": "http://localhost:1", "X-Forwarded-For": "10.0.0.1", "Forwarded": "for=10.0.0.1",
        "Last-Event-ID": "7", "MCP-Protocol-Version": "2025-06-18", "x-tenant": "blue", "TraceParent": "00-ab-cd-01",
        "X-Other": "not asked for",
    ]
    private static let expected = [
        ForwardedHeader(name: "X-Tenant", value: "blue"), ForwardedHeader(name: "traceparent", value: "00-ab-cd-01"),
    ]

    @Test("[150] over /NAME/mcp the client's Authorization is never forwarded, nor what else is not the server's")
    func streamable() async throws {
        try await TestGateway.run([Self.greedy]) { gateway in
            let upstream = try await gateway.upstream()
            let headers = try await gateway.session("fetch", Self.sent)
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("a", id: "1"))
            #expect(response.status == 200)
            #expect(await upstream.nextHeaders() == Self.expected)
        }
    }

    @Test("[150] neither is it over /NAME/message")
    func legacy() async throws {
        try await TestGateway.run([Self.greedy]) { gateway in
            let upstream = try await gateway.upstream()
            let stream = try await gateway.stream("/fetch/sse", ["Authorization": "Bearer secret"])
            let headers = TestGateway.json.merging(Self.sent) { $1 }
            _ = try await gateway.exchange("POST", stream.endpoint, headers, body: TestGateway.initialize)
            _ = try await stream.connection.message()
            _ = try await gateway.exchange("POST", stream.endpoint, headers, body: TestGateway.call("a", id: "1"))
            #expect(await upstream.nextHeaders() == Self.expected)
        }
    }

    @Test("every call of a batch has them")
    func batch() async throws {
        try await TestGateway.run([.init(name: "fetch", forwardedHeaders: ["x-tenant"])]) { gateway in
            let upstream = try await gateway.upstream()
            let headers = try await gateway.session(revision: "2025-03-26").merging(["X-Tenant": "blue"]) { $1 }
            let calls = [TestGateway.call("a", id: "1"), TestGateway.call("b", id: "2")]
            _ = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: "[\(calls.joined(separator: ","))]")
            for _ in calls {
                #expect(await upstream.nextHeaders() == [ForwardedHeader(name: "x-tenant", value: "blue")])
            }
        }
    }

    @Test("a route that names none forwards none")
    func none() async throws {
        try await TestGateway.run { gateway in
            let upstream = try await gateway.upstream()
            let headers = try await gateway.session().merging(["X-Tenant": "blue"]) { $1 }
            _ = try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.call("a", id: "1"))
            #expect(await upstream.nextHeaders() == [])
        }
    }

    @Test("a header that came twice goes along twice, in order")
    func repeated() {
        let headers = HTTPHeaders([("b", "2"), ("A", "1"), ("B", "3"), ("c", "4")])
        #expect(
            HeaderForwarding.collect(["a", "B", "missing"], from: headers) == [
                ForwardedHeader(name: "a", value: "1"), ForwardedHeader(name: "B", value: "2"),
                ForwardedHeader(name: "B", value: "3"),
            ])
    }

    @Test("32 of them go along, and 16 KiB; with more the request is refused with 431, and nothing is dispatched")
    func bounds() async throws {
        let many = (1...33).map { ("x", String($0)) }
        #expect(HeaderForwarding.collect(["x"], from: HTTPHeaders(many.dropLast()))?.count == 32)
        #expect(HeaderForwarding.collect(["x"], from: HTTPHeaders(many)) == nil)
        let value = String(repeating: "v", count: (16 << 10) - 1)
        #expect(HeaderForwarding.collect(["x"], from: HTTPHeaders([("x", value)]))?.count == 1)
        #expect(HeaderForwarding.collect(["x"], from: HTTPHeaders([("x", value + "v")])) == nil)

        try await TestGateway.run([.init(name: "fetch", forwardedHeaders: ["x"])]) { gateway in
            let upstream = try await gateway.upstream()
            let headers = try await gateway.session()
            let refused = try await gateway.exchange(
                "POST", "/fetch/mcp", headers.merging(["X": value + "v"]) { $1 },
                body: TestGateway.call("evil", id: "1"))
            #expect(refused.status == 431 && refused.body.contains("forwardHeaders"))
            _ = try await gateway.exchange("POST", "/fetch/mcp", headers, body: TestGateway.call("good", id: "2"))
            #expect(try await upstream.next("tools/call").paramsName == "good")
        }
    }

    @Test(
        "a line break or another control character in a value is a bad request",
        arguments: ["a\r\n b", "a\nX-Evil: 1", "a\rb", "a\u{1}b"])
    func smuggling(value: String) async throws {
        try await TestGateway.run([.init(name: "fetch", forwardedHeaders: ["x"])]) { gateway in
            let headers = try await gateway.session().merging(["X": value]) { $1 }
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("a", id: "1"))
            #expect(response.status == 400)
        }
    }

    @Test("[14] a web page may send them too, to the route that takes them")
    func preflight() async throws {
        let servers = [TestGateway.Server(name: "fetch", forwardedHeaders: ["X-Tenant"]), .init(name: "time")]
        try await TestGateway.run(servers) { gateway in
            for (name, isAllowed) in [("fetch", true), ("time", false)] {
                let response = try await gateway.exchange(
                    "OPTIONS", "/\(name)/mcp",
                    [
                        "Origin": "http://localhost:1", "Access-Control-Request-Method": "POST",
                        "Access-Control-Request-Headers": "content-type,x-tenant,x-other",
                    ])
                let allowed = response.headers["access-control-allow-headers"] ?? ""
                #expect(response.status == 204)
                #expect(allowed.contains("x-tenant") == isAllowed && !allowed.contains("x-other"))
            }
        }
    }
}

extension ScriptedConnection {
    /// Waits for the next message that the gateway sends, and returns what goes along with it.
    fileprivate func nextHeaders() async -> [ForwardedHeader]? {
        await headers.first { _ in true }
    }
}
