internal import JSONRPC
internal import MCP
internal import NIOCore

/// The checks of a message of MCP 2026-07-28 that need nothing but the message and its head, in the order in which the
/// first that fails answers: kind, metadata, headers against the body, revision.
///
/// Intermediaries may have routed by the headers, so a body that says something else is refused ("Streamable HTTP",
/// server validation).
enum StatelessLadder {
    /// How a message that cannot be handled is answered.
    struct Refusal: Error, Equatable {
        let code: ErrorCode
        let message: String
        var data: ByteBuffer?
    }

    /// Checks a request.
    ///
    /// - Parameter method: the message's, decoded.
    static func check(_ message: Message, _ method: String, _ fields: RequestFields) throws(Refusal) -> RequestMetadata
    {
        guard message.kind == .request else {
            throw Refusal(
                code: .invalidRequest, message: "Invalid request: a client of this revision sends no responses")
        }
        let metadata: RequestMetadata
        do throws(RequestMetadata.Mistake) {
            metadata = try RequestMetadata(of: message)
        } catch {
            throw Refusal(code: .invalidParams, message: "Invalid params: \(error.reason)")
        }
        try compare(fields.protocolVersion, named: "MCP-Protocol-Version", with: metadata.protocolVersion)
        try compare(fields.rpcMethod, named: "Mcp-Method", with: method)
        try checkName(message, method, fields)
        guard metadata.protocolVersion == ProtocolRevision.newestModern.rawValue else {
            throw unsupported(metadata.protocolVersion)
        }
        return metadata
    }

    /// What is named in `Mcp-Name`: the tool, prompt or resource.
    private static func checkName(
        _ message: Message, _ method: String, _ fields: RequestFields
    ) throws(Refusal) {
        let name: String?
        switch method {
        case "tools/call", "prompts/get": name = message.paramsName
        case "resources/read": name = message.paramsURI
        default: return
        }
        // Without a name in the body there is nothing to compare; the params are refused as such, later.
        guard let name else { return }
        switch fields.rpcName {
        case .absent: throw mismatch("the Mcp-Name header is missing")
        case .repeated: throw mismatch("the Mcp-Name header came more than once")
        case .value(let value):
            guard let decoded = HeaderValue.decoded(HeaderValue.trimmed(value)) else {
                throw mismatch("the Mcp-Name header is not encoded as it should be")
            }
            guard ExactText(decoded) == ExactText(name) else {
                throw mismatch("the Mcp-Name header and the body name different things")
            }
        }
    }

    private static func compare(
        _ field: RequestFields.Field, named name: String, with value: String
    ) throws(Refusal) {
        switch field {
        case .absent: throw mismatch("the \(name) header is missing")
        case .repeated: throw mismatch("the \(name) header came more than once")
        case .value(let header):
            guard ExactText(HeaderValue.trimmed(header)) == ExactText(value) else {
                throw mismatch("the \(name) header and the body disagree")
            }
        }
    }

    static func mismatch(_ reason: String) -> Refusal {
        Refusal(code: .headerMismatch, message: "Header mismatch: \(reason)")
    }

    private static func unsupported(_ requested: String) -> Refusal {
        let supported = JSONText.array([JSONText.quotedBuffer(ProtocolRevision.newestModern.rawValue)])
        return Refusal(
            code: .unsupportedProtocolVersion, message: "Unsupported protocol version",
            data: JSONText.object([("supported", supported), ("requested", JSONText.quotedBuffer(requested))]))
    }
}
