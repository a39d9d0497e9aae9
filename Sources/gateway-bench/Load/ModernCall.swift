/// What a request of MCP 2026-07-28 says more than one of a session: of itself in `_meta`, once more in its head, and
/// in its result who served it.
enum ModernCall {
    /// The end of the params, without their brace.
    static let meta = """
        ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":{},\
        "io.modelcontextprotocol/clientInfo":{"name":"gateway-bench","version":"1"}}
        """
    static let fields = fields(method: "tools/call") + "Mcp-Name: echo\r\n"
    /// What the gateway puts before the members of the echo server's results.
    static let resultStart = """
        "resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"gateway-bench","version":"1"}},
        """

    static func fields(method: String) -> String {
        "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: \(method)\r\n"
    }
}

extension RequestBody {
    static let discover = RequestBody(
        start: """
            {"jsonrpc":"2.0","id":0,"method":"server/discover","params":{
            """ + ModernCall.meta.dropFirst() + "}}", fields: ModernCall.fields(method: "server/discover"))
}
