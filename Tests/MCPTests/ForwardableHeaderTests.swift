import MCP
import Testing

@Suite struct ForwardableHeaderTests {
    @Test(
        "[150] what a client shows the gateway, and what belongs to one connection, is never forwarded",
        arguments: [
            "Authorization", "AUTHORIZATION", "proxy-authorization", "Cookie", "Set-Cookie", "Host", "Content-Type",
            "content-length", "Content-Whatever", "Connection", "Transfer-Encoding", "TE", "Upgrade", "Accept",
            "Accept-Encoding", "Mcp-Session-Id", "mcp-protocol-version", "MCP-Anything", "Last-Event-ID", "Origin",
            "Forwarded", "X-Forwarded-For", "x-forwarded-anything", "X-Real-IP", "x_forwarded_for",
            "Proxy_Authorization", "X-HTTP-Method-Override",
        ])
    func forbidden(name: String) {
        #expect(!ForwardableHeader.isAllowed(name))
    }

    @Test(
        "anything else can be",
        arguments: ["X-Tenant", "traceparent", "Tracestate", "X-Api-Key", "Accept-Language", "X-Authorization", "MCP"])
    func allowed(name: String) {
        #expect(ForwardableHeader.isAllowed(name))
    }
}
