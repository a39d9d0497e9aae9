public import JSONRPC
public import NIOCore

/// Where what comes of one call goes. Called on the event loop.
public protocol CallerSink: Sendable {
    /// A message that belongs to the call and comes before its answer: progress, a log message, a server's question.
    ///
    /// - Returns: whether there is a place for it: a client that takes nothing but JSON has none before the answer.
    @discardableResult
    func deliver(_ message: ByteBuffer) -> Bool
    /// The end of the call. Called exactly once, whatever dies.
    func finish(_ answer: Answer)
}

/// How a call ended.
public enum Answer: Sendable {
    /// A JSON-RPC response, with the caller's id, ready to be written.
    case message(ByteBuffer)
    /// The server cannot be reached now. Becomes a JSON-RPC error with this id, or a 503 where HTTP allows it.
    case unavailable(Unavailability, id: RequestID)
    /// The caller cancelled it; there is nothing to deliver.
    case cancelled(id: RequestID)
}

/// Why a server cannot be reached now, as the person who waits for it wants to read it.
public struct Unavailability: Error, Sendable, Equatable {
    /// The server's name.
    public var server: String
    /// Its phase, one word.
    public var phase: String
    /// One sentence: what happened last, and what will happen next.
    public var reason: String
    /// In how long another try may succeed, if that is known.
    public var retryAfter: Duration?
    /// Whether the server had got the call, and may have done what it was asked before it was lost.
    public var wasSent: Bool

    /// Describes why `server` cannot be reached.
    public init(server: String, phase: String, reason: String, retryAfter: Duration? = nil, wasSent: Bool = false) {
        self.server = server
        self.phase = phase
        self.reason = reason
        self.retryAfter = retryAfter
        self.wasSent = wasSent
    }
}
