import JSONRPC
import MCP
import NIOCore
import Testing

@Suite struct ServerDescriptionTests {
    private static func description(_ json: String) throws -> ServerDescription {
        try ServerDescription(initializeResult: ByteBuffer(string: json))
    }

    @Test("[28] [31] what a server says of itself reaches clients, but for what the gateway does not carry")
    func advertised() throws {
        let description = try Self.description(
            """
            {"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":false,"x":1.0},\
            "resources":{"subscribe":true},"logging":{},"tasks":{"list":{}},"experimental":{"a":[1]}},\
            "serverInfo":{"name":"s","version":"9","title":"T"},"instructions":"be\\u0020kind","_meta":{"z":1}}
            """)
        #expect(description.features == [.tools, .resources, .logging])
        #expect(
            String(buffer: description.initializeResult(for: .r2025_11_25)) == """
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true,"x":1.0},\
                "resources":{"listChanged":true,"subscribe":true},"logging":{},"experimental":{"a":[1]}},\
                "serverInfo":{"name":"s","version":"9","title":"T"},"instructions":"be\\u0020kind"}
                """)
    }

    @Test("a server without a proper serverInfo still has a name and a version")
    func missingInfo() throws {
        let description = try Self.description(#"{"protocolVersion":"2024-11-05","capabilities":{}}"#)
        #expect(
            String(buffer: description.initializeResult(for: .r2024_11_05))
                == #"{"protocolVersion":"2024-11-05","capabilities":{},"serverInfo":{"name":"unnamed","version":"0"}}"#)
    }

    @Test(
        "an unusable description is refused with the reason",
        arguments: [
            ("[]", "not an object"),
            (#"{"capabilities":{}}"#, "protocolVersion"),
            (#"{"protocolVersion":"1999-01-01","capabilities":{}}"#, "1999-01-01"),
            (#"{"protocolVersion":"2025-06-18","capabilities":[]}"#, "capabilities"),
        ])
    func unusable(json: String, mentions: String) {
        #expect {
            try Self.description(json)
        } throws: { error in
            (error as? ServerDescription.Unusable)?.reason.contains(mentions) == true
        }
    }

    @Test("[33] what a server says in answer to server/discover is what it would have said in answer to initialize")
    func discovered() throws {
        let result = ByteBuffer(
            string: """
                {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true},\
                "resources":{"subscribe":true}},"instructions":"be kind","ttlMs":1,"cacheScope":"public",\
                "_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"9"}}}
                """)
        let description = try ServerDescription(discoverResult: result, revision: .newestModern)
        #expect(
            String(buffer: description.json) == """
                {"protocolVersion":"2026-07-28","capabilities":{"tools":{"listChanged":true},\
                "resources":{"subscribe":true}},"serverInfo":{"name":"s","version":"9"},"instructions":"be kind"}
                """)
        #expect(!description.isLegacy && description.features == [.tools, .resources])
        #expect(description.announcesChanges(of: .tools) && !description.announcesChanges(of: .resources))
        #expect(description.offersSubscriptions)
        #expect(ServerDescription.supportedVersions(discoverResult: result) == ["2026-07-28"])
        #expect(try ServerDescription(kept: description.json) == description)
    }

    @Test("a server that answers initialize with a revision that has none is refused")
    func modernInitialize() throws {
        #expect(throws: ServerDescription.Unusable.self) {
            try Self.description(#"{"protocolVersion":"2026-07-28","capabilities":{}}"#)
        }
    }
}
