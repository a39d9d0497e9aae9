internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

extension Answer {
    /// The JSON-RPC response that tells a caller how its call ended. Every call gets one over HTTP, also a cancelled
    /// one, whose response would otherwise never end (Python SDK practice).
    var message: ByteBuffer {
        switch self {
        case .message(let message): message
        case .unavailable(let unavailability, let id): unavailability.message(for: id)
        case .cancelled(let id):
            MessageBuilder.error(
                id: id, code: ErrorCode.requestCancelled.rawValue, message: "Request cancelled")
        }
    }
}
