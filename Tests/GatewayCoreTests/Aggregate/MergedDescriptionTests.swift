import MCP
import NIOCore
import TestSupport
import Testing

@testable import GatewayCore

@Suite struct MergedDescriptionTests {
    private static func merged(_ members: [(String, ServerDescription?)]) -> MergedDescription {
        MergedDescription(
            members: members.map { .init(server: $0.0, prefix: $0.0, description: $0.1) },
            identity: ("gateway", "1.0"), separator: "__")
    }

    @Test("an endpoint for several servers offers what any of them offers, under the gateway's own name")
    func union() throws {
        let description = try Self.merged([
            ("a", .fixture(capabilities: #"{"tools":{}}"#)),
            ("b", .fixture(capabilities: #"{"resources":{"subscribe":true},"completions":{},"experimental":{}}"#)),
        ]).description()
        #expect(description.features == [.tools, .resources, .completions])
        #expect(String(buffer: description.serverInfo) == #"{"name":"gateway","version":"1.0"}"#)
        #expect(
            String(buffer: description.capabilities)
                == #"{"tools":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},"completions":{}}"#
        )
    }

    @Test("subscriptions to resources are offered if any server offers them, or may turn out to")
    func subscriptions() throws {
        let without = ServerDescription.fixture(capabilities: #"{"resources":{}}"#)
        let with = ServerDescription.fixture(capabilities: #"{"resources":{"subscribe":true}}"#)
        #expect(try !Self.merged([("a", without), ("b", without)]).description().offersSubscriptions)
        #expect(try Self.merged([("a", without), ("b", with)]).description().offersSubscriptions)
        #expect(try Self.merged([("a", without), ("b", nil)]).description().offersSubscriptions)
    }

    @Test("[158] a server that was never reached may turn out to offer anything")
    func unknown() {
        #expect(Self.merged([("a", .fixture()), ("b", nil)]).features == Set(Feature.allCases))
    }

    @Test("instructions are those of all servers, each under its name, up to a length")
    func instructions() {
        let text = Self.merged([
            ("a", .fixture(instructions: "Be kind.")), ("b", .fixture()),
            ("c", .fixture(instructions: String(repeating: "x", count: 10_000))),
        ]).instructions
        #expect(
            text.hasPrefix(
                "Several MCP servers behind one gateway: a, b, c.\n\n# a (its names begin with \"a__\")\nBe kind."))
        #expect(text.hasSuffix("xxx…"))
        let many = Self.merged((1...9).map { ("s\($0)", .fixture(instructions: String(repeating: "x", count: 4000))) })
        #expect(many.instructions.count < 17_000)
        #expect(many.instructions.hasSuffix("The instructions of further servers are left out."))
    }
}
