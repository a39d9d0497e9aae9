import Testing

@testable import GatewayCore

@Suite("Who the holder of a session is under other rules")
struct AccessTranslationTests {
    private let both = AccessRules(tokens: ["a", "b"])
    private let open = AccessRules(tokens: [])

    @Test("a token keeps its sessions wherever it stands, and one that is gone keeps none")
    func tokens() {
        #expect(both.translated(.token(index: 1), to: AccessRules(tokens: ["x", "y", "b"])) == .token(index: 2))
        #expect(both.translated(.token(index: 0), to: AccessRules(tokens: ["b"])) == nil)
        #expect(both.translated(.token(index: 0), to: both) == .token(index: 0))
    }

    @Test("who came without a token stays only where none is asked for, and who had one must come anew there")
    func openRoutes() {
        #expect(open.translated(.anonymous, to: open) == .anonymous)
        #expect(open.translated(.local, to: open) == .local)
        #expect(open.translated(.anonymous, to: both) == nil)
        #expect(open.translated(.local, to: both) == nil)
        #expect(both.translated(.token(index: 0), to: open) == nil)
    }
}
