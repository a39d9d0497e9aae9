import JSONRPC
import MCP
import NIOCore
import Testing

@Suite struct RequestMetadataTests {
    private static func message(meta: String?) throws -> Message {
        let meta = meta.map { #","_meta":\#($0)"# } ?? ""
        return try Message(
            ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"c"\#(meta)}}"#))
    }

    @Test("what a request says of itself is read, and what else stands there is kept in order")
    func everything() throws {
        let meta = """
            {"progressToken":7,"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
            "io.modelcontextprotocol/clientCapabilities":{"sampling":{}},"traceparent":"00-1",\
            "io.modelcontextprotocol/clientInfo":{"name":"c"},"io.modelcontextprotocol/logLevel":"warning"}
            """
        let metadata = try RequestMetadata(of: Self.message(meta: meta))
        #expect(metadata.protocolVersion == "2026-07-28")
        #expect(String(buffer: metadata.capabilities) == #"{"sampling":{}}"#)
        #expect(metadata.clientInfo.map { String(buffer: $0) } == #"{"name":"c"}"#)
        #expect(metadata.logLevel == "warning")
        #expect(String(buffer: metadata.rest) == #"{"progressToken":7,"traceparent":"00-1"}"#)
    }

    @Test("[65] clientInfo and logLevel may be missing")
    func optional() throws {
        let meta = #"""
            {"io.modelcontextprotocol/protocolVersion":"x","io.modelcontextprotocol/clientCapabilities":{}}
            """#
        let metadata = try RequestMetadata(of: Self.message(meta: meta))
        #expect(metadata.protocolVersion == "x")
        #expect(metadata.clientInfo == nil)
        #expect(metadata.logLevel == nil)
        #expect(String(buffer: metadata.rest) == "{}")
    }

    @Test(
        "[64] what is missing, doubled or of the wrong type is named",
        arguments: [
            (nil, "params._meta is missing"),
            ("{}", "lacks \"io.modelcontextprotocol/protocolVersion\""),
            ("[]", "params._meta is missing"),
            (
                #"{"io.modelcontextprotocol/protocolVersion":1,"io.modelcontextprotocol/clientCapabilities":{}}"#,
                "protocolVersion\" in params._meta must be a string"
            ),
            (
                #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#,
                "lacks \"io.modelcontextprotocol/clientCapabilities\""
            ),
            (
                #"{"io.modelcontextprotocol/protocolVersion":"v","io.modelcontextprotocol/clientCapabilities":[]}"#,
                "clientCapabilities\" in params._meta must be an object"
            ),
            (
                #"""
                {"io.modelcontextprotocol/protocolVersion":"v","io.modelcontextprotocol/protocolVersion":"w",
                "io.modelcontextprotocol/clientCapabilities":{}}
                """#, "stands in params._meta twice"
            ),
        ] as [(String?, String)])
    func mistakes(meta: String?, reason: String) throws {
        let message = try Self.message(meta: meta)
        let error = #expect(throws: RequestMetadata.Mistake.self) { try RequestMetadata(of: message) }
        #expect(error?.reason.contains(reason) == true)
    }

    @Test(
        "the revision that a message claims is found without the rest being right",
        arguments: [
            (nil, nil), (#"{"progressToken":1}"#, nil),
            (#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#, "2026-07-28"),
            (#"{"io.modelcontextprotocol/protocolVersion":3}"#, nil),
        ] as [(String?, String?)])
    func claim(meta: String?, version: String?) throws {
        #expect(RequestMetadata.claimedVersion(in: try Self.message(meta: meta)) == version)
    }
}
