internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// A call to an aggregate.
struct AggregateCall {
    let message: Message
    let id: RequestID
    let caller: Caller
    let headers: [ForwardedHeader]
    let sink: any CallerSink
}

extension CallerSink {
    /// Ends the call because nobody has the resource (MCP "Resources", error handling).
    func refuseUnknownResource(_ id: RequestID, _ uri: String) {
        finish(
            .message(
                MessageBuilder.error(
                    id: id, code: -32002, message: "Resource not found: \(uri)",
                    data: JSONText.object([("uri", JSONText.quotedBuffer(uri))]))))
    }
}
