public import JSONRPC
internal import MCP
public import NIOCore
public import Supervision

extension Unavailability {
    /// The JSON-RPC error for a call that could not be made.
    public func message(for id: RequestID) -> ByteBuffer {
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
