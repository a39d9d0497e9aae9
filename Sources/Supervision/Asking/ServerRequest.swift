public import JSONRPC
internal import Synchronization

/// Tells a request that a server makes of a client from every other, of whatever server.
public struct ServerRequestID: Hashable, Comparable, Sendable {
    private static let count = Atomic<UInt64>(0)

    private let number: UInt64

    /// An id that was never given.
    public init() {
        number = Self.count.add(1, ordering: .relaxed).newValue
    }

    /// Earlier ones come first.
    public static func < (earlier: ServerRequestID, later: ServerRequestID) -> Bool { earlier.number < later.number }
}

/// What a server asks of one client: `sampling/createMessage`, `elicitation/create` or `roots/list`.
public struct ServerRequest: Sendable {
    /// Under which the answer is given (`Callee.answer`).
    public let id: ServerRequestID
    /// The request as the server made it. Its id and progress token are the server's own and mean nothing to the client:
    /// whoever delivers it replaces them.
    public let message: Message
    /// Where what belongs to the call goes in the course of which it is asked; `nil` if no one call is meant.
    public let sink: (any CallerSink)?

    /// Describes a request.
    public init(id: ServerRequestID, message: Message, sink: (any CallerSink)?) {
        self.id = id
        self.message = message
        self.sink = sink
    }
}
