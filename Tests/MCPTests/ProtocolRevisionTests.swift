import MCP
import Testing

@Suite struct ProtocolRevisionTests {
    @Test(
        "[27] a known revision is answered with itself, any other with the newest that has initialize",
        arguments: [
            ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
            ("2025-11-25", "2025-11-25"), ("1999-01-01", "2025-11-25"), ("2026-07-28", "2025-11-25"),
            ("", "2025-11-25"),
        ])
    func negotiation(requested: String, answered: String) {
        #expect(ProtocolRevision.negotiated(requested: requested).rawValue == answered)
    }

    @Test(
        "a method belongs to the feature its name begins with",
        arguments: [
            ("tools/list", Feature.tools), ("prompts/get", .prompts), ("resources/templates/list", .resources),
            ("completion/complete", .completions), ("logging/setLevel", .logging), ("ping", nil), ("x/y", nil),
        ])
    func features(method: String, feature: Feature?) {
        #expect(Feature(method: method) == feature)
    }
}
