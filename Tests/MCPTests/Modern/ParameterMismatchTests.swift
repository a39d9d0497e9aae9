import MCP
import NIOCore
import Testing

@Suite struct ParameterMismatchTests {
    private static let schema = ByteBuffer(
        string: """
            {"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},\
            "count":{"type":"integer","x-mcp-header":"Count"},\
            "deep":{"type":"object","properties":{"flag":{"type":"boolean","x-mcp-header":"Flag"}}}}}
            """)

    @Test(
        "[71] [72] each header says what its argument says, and others are nobody's business",
        arguments: [
            (#"{}"#, [], true),
            (#"{"region":null}"#, [], true),
            (#"{"region":"us"}"#, [("region", "us")], true),
            (#"{"region":"us"}"#, [("region", "us"), ("unknown", "x")], true),
            (#"{"region":"\u4e16"}"#, [("region", "=?base64?5LiW?=")], true),
            (#"{"count":42}"#, [("count", "42.0")], true),
            (#"{"count":42.0}"#, [("count", "42")], true),
            (#"{"deep":{"flag":true}}"#, [("flag", "true")], true),
            (#"{"region":"us"}"#, [], false),
            (#"{}"#, [("region", "us")], false),
            (#"{"region":null}"#, [("region", "")], false),
            (#"{"region":"us"}"#, [("region", "eu")], false),
            (#"{"region":"42"}"#, [("region", "42.0")], false),
            (#"{"region":"us"}"#, [("region", "us"), ("region", "us")], false),
            (#"{"region":"us"}"#, [("region", "=?base64?dXM?=")], false),
            (#"{"count":42}"#, [("count", "43")], false),
            (#"{"deep":{"flag":true}}"#, [("flag", "True")], false),
            (#"{"region":"us"}"#, [("region", " \tus ")], true),
            (#"{"region":" us"}"#, [("region", "us")], false),
            (#"{"region":" us"}"#, [("region", "=?base64?IHVz?=")], true),
            (#"{"region":"e\u0301"}"#, [("region", "=?base64?w6k=?=")], false),
            (#"{"count":42}"#, [("count", "0x2a")], false),
            (#"{"count":42}"#, [("count", "42\u{661}")], false),
            (#"{"count":9007199254740993}"#, [("count", "9007199254740992")], false),
            (#"{"count":9007199254740993}"#, [("count", "9007199254740993")], true),
            (#"{"count":"42"}"#, [("count", "42")], true),
            (#"{"count":[42]}"#, [("count", "42")], false),
            (#"{"region":{"a":1}}"#, [], true),
        ] as [(String, [(String, String)], Bool)])
    func fields(arguments: String, fields: [(String, String)], isRight: Bool) throws {
        let headers = try ParameterHeaders(inputSchema: Self.schema)
        let mismatch = headers.mismatch(of: fields.map { ($0.0, $0.1) }, with: ByteBuffer(string: arguments))
        #expect((mismatch == nil) == isRight, "\(mismatch ?? "nothing wrong")")
    }
}
