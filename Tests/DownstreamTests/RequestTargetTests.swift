import Testing

@testable import Downstream

@Suite("request target")
struct RequestTargetTests {
    @Test(
        "servers are found by their whole name, with and without the prefix and a last slash",
        arguments: [
            ("/fetch/mcp", "fetch", RequestTarget.Endpoint.mcp, false),
            ("/fetch/mcp/", "fetch", .mcp, false),
            ("/mcp", "", .mcp, false), ("/sse/", "", .sse, false), ("/message?sessionId=1", "", .message, false),
            ("/mcp/mcp", "mcp", .mcp, false), ("/group/coding/mcp", "group/coding", .mcp, false),
            ("/team/fetch/sse?x=1", "team/fetch", .sse, false),
            ("/tools/fetch/message?sessionId=1", "fetch", .message, true),
            ("/f%65tch/mcp", "fetch", .mcp, false),
            ("/caf%C3%A9/mcp", "café", .mcp, false),
            ("http://localhost:9090/fetch/mcp", "fetch", .mcp, false),
            ("/toolshed/mcp", "toolshed", .mcp, false),
        ])
    func servers(_ uri: String, _ name: String, _ endpoint: RequestTarget.Endpoint, _ isPrefixed: Bool) {
        let target = RequestTarget(uri, prefix: "/tools")
        #expect(target?.destination == .server(name: name, endpoint))
        #expect(target?.isPrefixed == isPrefixed)
    }

    @Test(
        "the gateway's own pages",
        arguments: [
            ("/", RequestTarget.Page.summary), ("/?x", .summary), ("/tools", .summary), ("/tools/", .summary),
            ("/livez", .livez), ("/_healthz", .livez), ("/readyz/", .readyz), ("/_readyz", .readyz),
            ("/tools/healthz", .healthz), ("/.well-known/oauth-protected-resource/fetch/mcp", .wellKnown),
            ("/.well-known", .wellKnown),
        ])
    func pages(_ uri: String, _ page: RequestTarget.Page) {
        #expect(RequestTarget(uri, prefix: "/tools")?.destination == .page(page))
    }

    @Test("everything else is unknown", arguments: ["/fetch", "/fetch/mcp/x", "/MCP", "/fetch/MCP", "/x/.."])
    func unknown(_ uri: String) {
        #expect(RequestTarget(uri, prefix: "")?.destination == .unknown)
    }

    @Test(
        "malformed targets are none",
        arguments: ["", "*", "fetch/mcp", "/%", "/%4", "/%zz/mcp", "/%ff/mcp", "/a%2Fb/mcp", "/a%00/mcp", "/a%5cb/mcp"])
    func malformed(_ uri: String) {
        #expect(RequestTarget(uri, prefix: "") == nil)
    }

    @Test("both spellings of the session's query parameter are read")
    func query() {
        let keys = ["sessionId", "session_id"]
        #expect(RequestTarget("/a/message?sessionId=x%31", prefix: "")?.queryValue(keys) == "x1")
        #expect(RequestTarget("/a/message?a=b&session_id=x", prefix: "")?.queryValue(keys) == "x")
        #expect(RequestTarget("/a/message?sessionId=", prefix: "")?.queryValue(keys) == "")
        #expect(RequestTarget("/a/message?sessionid=x", prefix: "")?.queryValue(keys) == nil)
        #expect(RequestTarget("/a/message", prefix: "")?.queryValue(keys) == nil)
    }

    @Test("an absolute target overrides the Host field")
    func absolute() {
        #expect(RequestTarget("http://evil.example/a/mcp", prefix: "")?.authority == "evil.example")
        #expect(RequestTarget("http://evil.example", prefix: "")?.destination == .page(.summary))
    }

    @Test("a server's name is written as a path")
    func path() {
        #expect(PercentEncoding.path("team/fetch") == "team/fetch")
        #expect(PercentEncoding.path("café ü") == "caf%C3%A9%20%C3%BC")
    }

    @Test("the base URL gives origin and prefix")
    func publicAddress() {
        #expect(PublicAddress(baseURL: "http://box:9090")?.path == "")
        #expect(PublicAddress(baseURL: "https://box/tools/")?.path == "/tools")
        #expect(PublicAddress(baseURL: "https://box/a/b?x#y")?.path == "/a/b")
        #expect(PublicAddress(baseURL: "https://box/")?.origin == WebOrigin("https://box:443"))
        #expect(PublicAddress(baseURL: "ftp://box") == nil)
        #expect(PublicAddress(baseURL: "box:9090") == nil)
    }
}
