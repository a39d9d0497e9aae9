import MCP
import NIOCore
import Testing

@Suite struct ParameterHeadersTests {
    private static func headers(_ schema: String) throws -> ParameterHeaders {
        try ParameterHeaders(inputSchema: ByteBuffer(string: schema))
    }

    private static func fields(_ schema: String, _ arguments: String?) throws -> [String] {
        try headers(schema).fields(of: arguments.map { ByteBuffer(string: $0) }).map { "\($0.name): \($0.value)" }
    }

    private static let schema = """
        {"type":"object","properties":{
          "region":{"type":"string","x-mcp-header":"Region"},
          "priority":{"type":"integer","x-mcp-header":"Priority"},
          "verbose":{"type":"boolean","x-mcp-header":"Verbose"},
          "where":{"type":"object","properties":{"city":{"type":"string","x-mcp-header":"City"}}},
          "query":{"type":"string"}}}
        """

    @Test("[141] annotated arguments go into fields, wherever properties lead to them")
    func mirrored() throws {
        let arguments = #"{"priority":42,"region":"us-west1","verbose":false,"where":{"city":"Zürich"},"query":"q"}"#
        #expect(
            try Self.fields(Self.schema, arguments) == [
                "Mcp-Param-Region: us-west1", "Mcp-Param-Priority: 42", "Mcp-Param-Verbose: false",
                "Mcp-Param-City: =?base64?WsO8cmljaA==?=",
            ])
    }

    @Test(
        "[141] what is absent, null or no scalar has no field",
        arguments: [
            nil, "{}", #"{"region":null}"#, #"{"region":{}}"#, #"{"region":[1]}"#, #"{"where":"city"}"#, "[]",
            #"{"where":{"city":null}}"#,
        ])
    func omitted(arguments: String?) throws {
        #expect(try Self.fields(Self.schema, arguments) == [])
    }

    @Test(
        "[71] an integer is written without a fraction or an exponent",
        arguments: [
            ("42", "42"), ("42.0", "42"), ("1e2", "100"), ("-7", "-7"), ("9007199254740993", "9007199254740993"),
            ("1.5", "1.5"),
        ])
    func integers(spelled: String, sent: String) throws {
        #expect(try Self.fields(Self.schema, #"{"priority":\#(spelled)}"#) == ["Mcp-Param-Priority: \(sent)"])
    }

    @Test(
        "[142] a tool with an x-mcp-header that may not be there is invalid",
        arguments: [
            #"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
            #"{"properties":{"a":{"type":"string","x-mcp-header":"My Region"}}}"#,
            #"{"properties":{"a":{"type":"string","x-mcp-header":"Region:"}}}"#,
            #"{"properties":{"a":{"type":"string","x-mcp-header":"Région"}}}"#,
            #"{"properties":{"a":{"type":"string","x-mcp-header":"A\nB"}}}"#,
            #"{"properties":{"a":{"type":"string","x-mcp-header":1}}}"#,
            #"{"properties":{"a":{"type":"object","x-mcp-header":"A"}}}"#,
            #"{"properties":{"a":{"type":"array","x-mcp-header":"A"}}}"#,
            #"{"properties":{"a":{"type":"null","x-mcp-header":"A"}}}"#,
            #"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
            #"{"properties":{"a":{"type":["string"],"x-mcp-header":"A"}}}"#,
            #"{"properties":{"a":{"x-mcp-header":"A"}}}"#,
            #"{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"A"}}}"#,
            #"{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}"#,
            #"{"x-mcp-header":"A","type":"string"}"#,
            #"{"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}"#,
            #"{"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}"#,
            #"{"if":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}"#,
            #"{"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}"#,
            #"{"additionalProperties":{"type":"string","x-mcp-header":"A"}}"#,
        ])
    func invalid(schema: String) {
        #expect(throws: ParameterHeaders.Invalid.self) { try Self.headers(schema) }
    }

    @Test(
        "[149] what only looks like an annotation is none, and no $ref is followed",
        arguments: [
            #"{"properties":{"x-mcp-header":{"type":"string"}}}"#,
            #"{"properties":{"a":{"type":"object","default":{"x-mcp-header":"A"}}}}"#,
            #"{"properties":{"a":{"enum":[{"x-mcp-header":"A"}]}},"$ref":"http://example.org/x-mcp-header"}"#,
            "true", "[]", "{}",
        ])
    func harmless(schema: String) throws {
        #expect(try Self.headers(schema).parameters == [])
    }
}
