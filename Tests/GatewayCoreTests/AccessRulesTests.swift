import GatewayCore
import Testing

@Suite struct AccessRulesTests {
    @Test(
        "a token opens the route with its scheme in any case, or bare, and nothing else does",
        arguments: [
            ("Bearer secret", 0), ("bearer secret", 0), ("BEARER   secret  ", 0), ("secret", 0), ("Bearer other", 1),
            ("Bearer secre", nil), ("Bearer secrets", nil), ("Bearer", nil), ("Bearer ", nil), ("", nil),
            ("Basic secret", nil), ("Bearer secretsecret", nil), (nil, nil),
        ] as [(String?, Int?)])
    func presenting(header: String?, index: Int?) {
        let rules = AccessRules(tokens: ["secret", "other"])
        #expect(rules.principal(presenting: header) == index.map { .token(index: $0) })
    }

    @Test("a token that looks like a scheme is still a token")
    func schemeLikeToken() {
        #expect(AccessRules(tokens: ["bearer"]).principal(presenting: "bearer") == .token(index: 0))
    }

    @Test("without tokens everybody is let in, whatever they present")
    func open() {
        #expect(AccessRules(tokens: []).principal(presenting: "Bearer x") == .anonymous)
        #expect(AccessRules(tokens: []).principal(presenting: nil) == .anonymous)
    }
}
