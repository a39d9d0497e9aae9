public import NIOCore

/// What happens to a transfer, in this order: at most one `head`, then `body` any number of times, then one `end`.
public enum TransferEvent: Sendable {
    /// The head of the final answer.
    case head(HTTPResponseHead)
    /// A piece of the body, as it came. To be reported to `HTTPTransfer.consumed` when it needs no memory any more.
    case body(ByteBuffer)
    /// Nothing more will come. `nil`: the answer is complete.
    case end(TransferFailure?)
}
