import JSONRPC
import MCP
import NIOCore
import Testing

@Suite struct LegacyResultTests {
    private static func projected(
        _ result: String, of method: String = "tools/call", tool: String? = "t",
        to revision: ProtocolRevision = .r2025_11_25, by projection: inout LegacyResult
    ) throws -> String {
        let head = #"{"jsonrpc":"2.0","id":1,"result":"#
        let response = try Message(ByteBuffer(string: head + result + "}"))
        let text = String(buffer: projection.projecting(response, of: method, tool: tool, to: revision))
        #expect(text.hasPrefix(head))
        return String(text.dropFirst(head.count).dropLast())
    }

    @Test(
        "[128] earlier revisions see nothing of what the newer one adds, and everything else as it was",
        arguments: [
            (
                #"{"resultType":"complete","content":[{"type":"text","text":"\u00e9"}]}"#,
                #"{"content":[{"type":"text","text":"\u00e9"}]}"#
            ),
            (#"{"ttlMs":1,"cacheScope":"public","x":1e2}"#, #"{"x":1e2}"#),
            (#"{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s"}},"a":1}"#, #"{"a":1}"#),
            (
                #"{"_meta":{"io.modelcontextprotocol/serverInfo":{},"y":2},"a":1}"#, #"{"_meta":{"y":2},"a":1}"#
            ),
            ("{}", "{}"),
        ])
    func stripped(result: String, expected: String) throws {
        var projection = LegacyResult()
        #expect(try Self.projected(result, by: &projection) == expected)
    }

    @Test(
        "[127] a schema that is no object's is wrapped, with its references led to where it stands, and so is the content"
    )
    func wrapping() throws {
        var projection = LegacyResult()
        let schema =
            ###"{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#"},{"$ref":"other.json"}],"$defs":{"a":{"type":"array"}}}"###
        let listed = try Self.projected(
            #"{"tools":[{"name":"t","outputSchema":\#(schema)},{"name":"o","outputSchema":{"type":"object"}}]}"#,
            of: "tools/list", tool: nil, by: &projection)
        let wrapped =
            ###"{"anyOf":[{"$ref":"#/properties/result/$defs/a"},{"$ref":"#/properties/result"},"###
            + ###"{"$ref":"other.json"}],"$defs":{"a":{"type":"array"}}}"###
        let output = #"{"type":"object","properties":{"result":\#(wrapped)},"required":["result"]}"#
        #expect(
            listed
                == #"{"tools":[{"name":"t","outputSchema":\#(output)},{"name":"o","outputSchema":{"type":"object"}}]}"#)
        let content = #""content":[{"type":"text","text":"x"}]"#
        #expect(
            try Self.projected(#"{\#(content),"structuredContent":[1]}"#, by: &projection)
                == #"{\#(content),"structuredContent":{"result":[1]}}"#)
        // An object as well, since the same tool may answer with either.
        #expect(
            try Self.projected(#"{\#(content),"structuredContent":{"a":1}}"#, by: &projection)
                == #"{\#(content),"structuredContent":{"result":{"a":1}}}"#)
        #expect(
            try Self.projected(#"{\#(content),"structuredContent":{"a":1}}"#, tool: "o", by: &projection)
                == #"{\#(content),"structuredContent":{"a":1}}"#)
    }

    @Test("[127] content that was only structured is there as text, too")
    func text() throws {
        var projection = LegacyResult()
        #expect(
            try Self.projected(#"{"content":[],"structuredContent":[1, 2]}"#, by: &projection)
                == #"{"content":[{"type":"text","text":"[1, 2]"}],"structuredContent":{"result":[1, 2]}}"#)
    }

    @Test(
        "[119] a resource that does not exist has the code of earlier revisions, and every other error is as it was",
        arguments: [
            (
                "resources/read", #"{"code":-32602,"message":"m","data":{"uri":"x:1"}}"#,
                #"{"code":-32002,"message":"m","data":{"uri":"x:1"}}"#
            ),
            ("resources/read", #"{"code":-32602,"message":"m","data":{"x":1}}"#, nil),
            ("resources/read", #"{"code":-32602,"message":"m"}"#, nil),
            ("resources/read", #"{"code":-32603,"message":"m","data":{"uri":"x:1"}}"#, nil),
            ("tools/call", #"{"code":-32602,"message":"m","data":{"uri":"x:1"}}"#, nil),
        ])
    func notFound(method: String, error: String, expected: String?) throws {
        var projection = LegacyResult()
        let head = #"{"jsonrpc":"2.0","id":1,"error":"#
        let response = try Message(ByteBuffer(string: head + error + "}"))
        let text = String(
            buffer: projection.projecting(response, of: method, tool: nil, to: .r2025_11_25))
        #expect(text == head + (expected ?? error) + "}")
    }

    @Test("clients from before structured content get neither schema nor content, but the text")
    func older() throws {
        var projection = LegacyResult()
        #expect(
            try Self.projected(
                #"{"tools":[{"name":"t","outputSchema":{"type":"object"},"x":1}]}"#, of: "tools/list", tool: nil,
                to: .r2025_03_26, by: &projection) == #"{"tools":[{"name":"t","x":1}]}"#)
        #expect(
            try Self.projected(#"{"structuredContent":{"a":1}}"#, to: .r2024_11_05, by: &projection)
                == #"{"content":[{"type":"text","text":"{\"a\":1}"}]}"#)
    }
}
