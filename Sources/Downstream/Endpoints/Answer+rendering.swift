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

extension Unavailability {
    /// The JSON-RPC error for a call that could not be made.
    func message(for id: RequestID) -> ByteBuffer {
        var data = ByteBuffer()
        data.writeStaticString("{\"server\":")
        JSONText.write(server, into: &data)
        data.writeStaticString(",\"phase\":")
        JSONText.write(phase, into: &data)
        if let retryAfter {
            data.writeString(",\"retryAfterMs\":\(Self.milliseconds(retryAfter))")
        }
        data.writeStaticString("}")
        return MessageBuilder.error(
            id: id, code: ErrorCode.internalError.rawValue, message: reason, data: data)
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
