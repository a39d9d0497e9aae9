public import NIOCore

/// The stream on which a session gets what belongs to no call of its own: the SSE connection of the older transport,
/// or the standalone GET stream of the newer. Called on the event loop.
public protocol SessionStream: AnyObject, Sendable {
    /// Writes one message.
    func deliver(_ message: ByteBuffer)
    /// Closes the stream: the session is over, a newer stream has taken its place, or the gateway stops.
    func end()
}
