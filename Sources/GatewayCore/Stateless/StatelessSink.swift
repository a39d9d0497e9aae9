internal import JSONRPC
internal import MCP
public import NIOCore
internal import Supervision

/// Where what comes of one stateless request goes: the response to its POST. Called on the event loop.
public protocol StatelessSink: AnyObject {
    /// A message that comes before the answer.
    ///
    /// - Returns: whether there is a place for it.
    @discardableResult
    func deliver(_ message: ByteBuffer) -> Bool
    /// The end. Called exactly once, unless the client has gone before.
    func finish(_ answer: StatelessAnswer)
}

/// How a stateless request ended.
public struct StatelessAnswer: Sendable {
    /// The JSON-RPC response, ready to be written.
    public let message: ByteBuffer
    /// The status of an HTTP response that holds nothing else.
    public let status: Int
    /// In how long another try may succeed, where that is known.
    public let retryAfter: Duration?

    /// Describes an end.
    init(_ message: ByteBuffer, status: Int = 200, retryAfter: Duration? = nil) {
        self.message = message
        self.status = status
        self.retryAfter = retryAfter
    }

    /// A refusal by the gateway.
    static func error(_ id: RequestID, _ error: ModernError) -> StatelessAnswer {
        StatelessAnswer(
            MessageBuilder.error(id: id, code: error.code, message: error.message, data: error.data),
            status: error.status)
    }
}

/// A request that has been taken, as the front holds it.
public protocol StatelessExchange: AnyObject {
    /// The client has closed the response, which is how it cancels (MCP 2026-07-28 "Cancellation"). Called on the event
    /// loop, and of no effect after the end.
    func clientHasGone()
}
