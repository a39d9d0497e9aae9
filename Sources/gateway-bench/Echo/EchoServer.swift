internal import JSONRPC
internal import NIOCore

/// What the echo server says, whichever transport carries it.
enum EchoServer {
    private static let initializeResult = ByteBuffer(
        string: """
            {"protocolVersion":"2025-06-18","capabilities":{"tools":{}},\
            "serverInfo":{"name":"gateway-bench","version":"1"}}
            """)
    private static let tools = ByteBuffer(
        string: """
            {"tools":[{"name":"echo","description":"Returns its text.","inputSchema":{"type":"object",\
            "properties":{"text":{"type":"string"}},"required":["text"]}}]}
            """)

    /// The answer to a message; nil when it asks for none.
    ///
    /// - Throws: `ScanError` for what is no JSON-RPC message.
    static func answer(_ bytes: ByteBuffer) throws(ScanError) -> ByteBuffer? {
        let message = try Message(bytes)
        guard message.kind == .request, let id = message.id else { return nil }
        if message.isMethod("tools/call") {
            guard let text = message.envelope.params.flatMap({ EchoCall.text(in: message.slice($0)) }) else {
                return MessageBuilder.error(id: id, code: -32602, message: "only gateway-bench can call this server")
            }
            return EchoCall.answer(id: id.json, text: text)
        }
        if message.isMethod("initialize") { return MessageBuilder.result(id: id, initializeResult) }
        if message.isMethod("tools/list") { return MessageBuilder.result(id: id, tools) }
        if message.isMethod("ping") { return MessageBuilder.result(id: id, ByteBuffer(string: "{}")) }
        return MessageBuilder.error(id: id, code: -32601, message: "an echo server has no such method")
    }
}
