public import NIOCore

/// One event of an event stream (WHATWG HTML §9.2).
public struct ServerSentEvent: Sendable, Equatable {
    /// The event's type; `message` when the stream names none.
    public var name: String
    /// The data, its lines joined by LF. It may share storage with the chunk it came in.
    public var data: ByteBuffer
    /// The `id` that stood in this very event, nil if none did. An empty one makes the client forget the last.
    public var id: String?

    /// An event of those parts.
    public init(name: String = "message", data: ByteBuffer, id: String? = nil) {
        self.name = name
        self.data = data
        self.id = id
    }

    /// Whether it says nothing but where to resume: an id and empty data, as streams of MCP 2025-11-25 begin.
    public var isPriming: Bool {
        id != nil && data.readableBytes == 0
    }
}
