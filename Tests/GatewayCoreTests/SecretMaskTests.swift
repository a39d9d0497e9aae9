import GatewayCore
import Testing

@Suite("secrets in what operators are shown")
struct SecretMaskTests {
    @Test(
        "an argument is masked behind a flag, or a name, that is called after a secret",
        arguments: [
            (["--token", "abc", "--port", "80"], ["--token", "***", "--port", "80"]),
            (["--api-key=abc", "x=y"], ["--api-key=***", "x=y"]),
            (["-e", "GITHUB_TOKEN=abc"], ["-e", "GITHUB_TOKEN=***"]),
            (["--password", "--verbose"], ["--password", "--verbose"]),
            (["postgres://ada:abc@db/x?sslkey=abc"], ["postgres://***@db/x?***"]),
            (["x", "sk-proj-abcdefghijkl"], ["x", "***"]),
            (["ghp_0123456789abcdef", "github_pat_11AAAAAAA_b"], ["***", "***"]),
            (["xoxb-1234567890-abc", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"], ["***", "***"]),
            (["X-Auth: Bearer abc", "X-It: 4f9a8c7b6d5e4f3a2b1c0d9e"], ["***", "***"]),
            (["--it=4f9a8c7b6d5e4f3a2b1c0d9e"], ["***"]),
            (
                ["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "/srv/files/2025-11-25"],
                ["-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "/srv/files/2025-11-25"]
            ),
            (["sk-short", "skeleton-of-something-long"], ["sk-short", "skeleton-of-something-long"]),
            (["mcp-server-time", "--local-timezone=UTC"], ["mcp-server-time", "--local-timezone=UTC"]),
        ])
    func arguments(written: [String], shown: [String]) {
        #expect(SecretMask.arguments(written) == shown)
    }

    @Test(
        "of an address user information, query and fragment are masked",
        arguments: [
            ("https://example.com/mcp", "https://example.com/mcp"),
            ("https://ada:abc@example.com", "https://***@example.com"),
            ("https://example.com/a?key=abc", "https://example.com/a?***"),
            ("https://example.com#abc", "https://example.com#***"),
            ("https://a@b@example.com/x@y", "https://***@example.com/x@y"),
            ("no address", "no address"),
        ])
    func addresses(written: String, shown: String) {
        #expect(SecretMask.url(written) == shown)
    }
}
