public import JSONRPC
public import NIOCore

/// Who makes a call: one client session, or later one stateless request. Never reused.
public struct CallerID: Hashable, Sendable {
    private let number: UInt64

    /// The id of this number; the gateway counts them up.
    public init(_ number: UInt64) {
        self.number = number
    }
}

/// Where what comes of one call goes. Called on the event loop.
public protocol CallerSink: Sendable {
    /// A message that belongs to the call and comes before its answer: progress, a log message.
    func deliver(_ message: ByteBuffer)
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

    /// Describes why `server` cannot be reached.
    public init(server: String, phase: String, reason: String, retryAfter: Duration? = nil) {
        self.server = server
        self.phase = phase
        self.reason = reason
        self.retryAfter = retryAfter
    }
}
