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
