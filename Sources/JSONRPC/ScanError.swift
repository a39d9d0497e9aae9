/// Why bytes are not a JSON-RPC message that can be routed.
public enum ScanError: Error, Sendable, Equatable {
    /// Not JSON (RFC 8259), at this byte offset. JSON-RPC code -32700.
    case notJSON(offset: Int)
    /// Nested deeper than the limit, at this byte offset. JSON-RPC code -32700.
    case tooDeep(offset: Int)
    /// JSON, but neither an object nor an array. JSON-RPC code -32600.
    case notAnObject
    /// An array: a JSON-RPC batch. JSON-RPC code -32600 where batches are not spoken.
    case batch
    /// JSON, but no JSON-RPC 2.0 message; the text says what is wrong, naming the member. JSON-RPC code -32600.
    case notJSONRPC(reason: StaticReason)

    /// The ways in which a JSON object can fail to be a JSON-RPC 2.0 message.
    public enum StaticReason: String, Sendable {
        /// `jsonrpc` is absent or is not exactly `"2.0"`.
        case version = "\"jsonrpc\" must be \"2.0\""
        /// `id` is null, fractional, or neither string nor integer.
        case id = "\"id\" must be a string or an integer"
        /// `method` is not a string.
        case method = "\"method\" must be a string"
        /// `params` is not an object.
        case params = "\"params\" must be an object"
        /// A routing member stands there twice, so that two readers could disagree on it.
        case duplicate = "a member that routes the message stands there twice"
        /// Neither a request, a notification nor a response.
        case shape = "a message needs \"method\", or \"id\" with \"result\" or \"error\""
    }
}
