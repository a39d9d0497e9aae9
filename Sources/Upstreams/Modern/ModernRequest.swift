internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// A request to a server of MCP 2026-07-28, as it goes over the wire.
struct ModernRequest {
    /// The id that it has there.
    let id: RequestID
    /// The message, on one line.
    let line: ByteBuffer
    let method: String
    /// What `Mcp-Name` says: the tool, the prompt or the resource.
    let name: String?
    /// `Mcp-Param-…`, values encoded.
    let parameters: [ParameterHeaders.Field]
    /// What is passed on for the client.
    let forwarded: [ForwardedHeader]

    /// The header fields that repeat the message (MCP 2026-07-28 "Streamable HTTP", request metadata).
    var fields: [ParameterHeaders.Field] {
        var fields = [
            ("MCP-Protocol-Version", ProtocolRevision.newestModern.rawValue), ("Mcp-Method", method),
        ]
        if let name { fields.append(("Mcp-Name", HeaderValue.encoded(name))) }
        return fields + parameters
    }
}

extension ModernRequest {
    /// A request of the gateway's own.
    ///
    /// - Parameter params: its members beside `_meta`.
    init(id: RequestID, method: String, params: [JSONOutline.Member] = [], author: RequestAuthor) {
        let meta = author.meta(for: .none, beside: [])
        let line = MessageBuilder.request(
            id: id, method: method, params: JSONText.object(params + [("_meta", meta)]))
        self.init(id: id, line: line, method: method, name: nil, parameters: [], forwarded: [])
    }

    /// A client's request, with what it has to say of itself now.
    ///
    /// - Parameters:
    ///   - id: another id than its own; nil keeps that.
    ///   - inputs: what its client was asked for before.
    init(
        _ message: Message, id: RequestID?, method: String, inputs: InputAnswers?, parameters: [ParameterHeaders.Field],
        context: CallContext, author: RequestAuthor
    ) {
        let line = author.line(of: message, id: id, inputs: inputs, context: context)
        let name: String? =
            switch method {
            case "tools/call", "prompts/get": message.paramsName
            case "resources/read": message.paramsURI
            default: nil
            }
        self.init(
            id: id ?? message.id ?? RequestID(0), line: line, method: method, name: name, parameters: parameters,
            forwarded: context.headers)
    }
}
