import Curl
import Supervision
import Testing

@testable import Upstreams

/// Which header fields reach a server.
struct RequestHeadersTests {
    private static func fields(
        _ own: [HTTPField] = [], configured: [String: String] = [:], forwarded: [ForwardedHeader] = []
    ) throws -> [HTTPField] {
        try RequestHeaders(configured: configured, userAgent: "gateway/1").fields(own, forwarded: forwarded)
    }

    @Test("what is configured goes along, with a User-Agent unless there is one")
    func configured() throws {
        #expect(
            try Self.fields(configured: ["X-Key": "k", "Authorization": "Bearer t"])
                == [
                    HTTPField("Authorization", "Bearer t"), HTTPField("X-Key", "k"),
                    HTTPField("User-Agent", "gateway/1"),
                ])
        #expect(try Self.fields(configured: ["user-agent": "mine"]) == [HTTPField("user-agent", "mine")])
    }

    @Test(
        "what the protocol or the connection needs is not configured",
        arguments: [
            "Accept", "CONTENT-TYPE", "mcp-session-id", "MCP-Protocol-Version", "Last-Event-ID", "Content-Length",
            "Transfer-Encoding", "Connection", "Accept-Encoding", "Expect", "TE", "Upgrade",
        ])
    func reserved(name: String) throws {
        let own = [HTTPField("Mcp-Session-Id", "s")]
        #expect(try Self.fields(own, configured: [name: "x"]) == own + [HTTPField("User-Agent", "gateway/1")])
        let forwarded = [ForwardedHeader(name: name, value: "x")]
        #expect(try Self.fields(own, forwarded: forwarded) == own + [HTTPField("User-Agent", "gateway/1")])
    }

    @Test("what is passed on for a client comes last, and never instead of what is configured")
    func forwarded() throws {
        let forwarded = [
            ForwardedHeader(name: "X-User", value: "ann"), ForwardedHeader(name: "x-key", value: "hers"),
            ForwardedHeader(name: "User-Agent", value: "hers"),
        ]
        #expect(
            try Self.fields(configured: ["X-Key": "ours"], forwarded: forwarded)
                == [
                    HTTPField("X-Key", "ours"), HTTPField("User-Agent", "gateway/1"), HTTPField("X-User", "ann"),
                ])
    }

    @Test(
        "150: a client's credentials are not passed on, even if somebody asks for it",
        arguments: ["Authorization", "authorization", "Cookie", "Proxy-Authorization", "Origin", "Host", "Referer"])
    func credentials(name: String) throws {
        let fields = try Self.fields(forwarded: [ForwardedHeader(name: name, value: "secret")])
        #expect(fields == [HTTPField("User-Agent", "gateway/1")])
    }

    @Test("what would end a field early is refused if it is configured, and left out if it is a client's")
    func injection() throws {
        for (name, value) in [("a b", "x"), ("", "x"), ("a:", "x"), ("ä", "x"), ("x", "1\r\ny: 2"), ("x", "\0")] {
            #expect(throws: UnusableEndpoint.self) { try Self.fields(configured: [name: value]) }
            #expect(try Self.fields(forwarded: [ForwardedHeader(name: name, value: value)]).count == 1)
        }
    }

    @Test("the reason names the header, and does not tell its value")
    func reason() {
        let error = #expect(throws: UnusableEndpoint.self) {
            try Self.fields(configured: ["X-Key": "secret\n"])
        }
        #expect(error?.reason == "the value of \"X-Key\" in \"headers\" has a line break or NUL in it")
    }
}
