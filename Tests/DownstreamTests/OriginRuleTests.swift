import Testing

@testable import Downstream

@Suite("Origin")
struct OriginRuleTests {
    private func allows(_ origin: String, _ patterns: [String] = [], knownHost: String? = nil) -> Bool {
        OriginRule(
            allowedOrigins: patterns, publicOrigin: WebOrigin("https://mcp.example.lan"), ownNames: ["box", "::1"],
            ownPorts: [9090, 80]
        ).allows(origin, knownHost: knownHost.flatMap { Authority($0) })
    }

    @Test(
        "[1] by default pages of this machine and of the public address may ask",
        arguments: [
            "http://localhost", "http://localhost:5173", "https://127.0.0.1:1", "http://[::1]:6274",
            "http://box:9090", "http://box", "https://mcp.example.lan", "https://MCP.example.lan:443",
        ])
    func own(_ origin: String) {
        #expect(allows(origin))
    }

    @Test(
        "[1] [4] others may not, nor may null",
        arguments: [
            "http://evil.example", "null", "", "https://box", "http://box:9091", "http://mcp.example.lan",
            "https://mcp.example.lan:8443", "chrome-extension://abc", "http://localhost.evil.example",
            "http://localhost:5173/path", "ftp://localhost", "http://user@localhost",
        ])
    func foreign(_ origin: String) {
        #expect(!allows(origin))
    }

    @Test("the page of the host that was asked is the gateway's own")
    func sameOrigin() {
        #expect(allows("http://nas.lan:8080", knownHost: "nas.lan:8080"))
        #expect(allows("https://nas.lan", knownHost: "nas.lan"))
        #expect(!allows("http://nas.lan:8081", knownHost: "nas.lan:8080"))
    }

    @Test("a pattern may leave the port open, or the first labels, or all")
    func patterns() {
        #expect(allows("http://linuxserver.lan:3000", ["http://linuxserver.lan:*"]))
        #expect(allows("http://linuxserver.lan", ["http://linuxserver.lan:*"]))
        #expect(!allows("https://linuxserver.lan", ["http://linuxserver.lan:*"]))
        #expect(allows("http://a.lan", ["http://a.lan"]))
        #expect(allows("http://a.lan", ["http://a.lan:80/"]))
        #expect(!allows("http://a.lan:81", ["http://a.lan"]))
        #expect(allows("https://x.y.example.com", ["https://*.example.com"]))
        #expect(!allows("https://example.com", ["https://*.example.com"]))
        #expect(!allows("https://evilexample.com", ["https://*.example.com"]))
        #expect(allows("http://evil.example", ["*"]))
        #expect(allows("null", ["null"]))
        #expect(allows("chrome-extension://abc", ["chrome-extension://abc"]))
        #expect(!allows("chrome-extension://abd", ["chrome-extension://abc"]))
    }
}
