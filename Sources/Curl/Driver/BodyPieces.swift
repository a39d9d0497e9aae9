internal import NIOCore

/// What has come of a body and is to be handed over once libcurl has returned: a body in small chunks would otherwise be
/// as many events, of which each costs more memory than the receive window counts.
struct BodyPieces {
    /// What libcurl hands over at most at once, so that large pieces are never copied again.
    private static let limit = 16 * 1024

    private var waiting = ByteBuffer()

    /// Whether anything waits.
    var isEmpty: Bool { waiting.readableBytes == 0 }

    /// Adds bytes. What has waited is returned if these have no place behind it.
    mutating func add(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer? {
        guard waiting.readableBytes + bytes.count > Self.limit, !isEmpty else {
            waiting.writeBytes(bytes)
            return nil
        }
        let full = take()
        waiting.writeBytes(bytes)
        return full
    }

    /// Everything that waits.
    mutating func take() -> ByteBuffer {
        let all = waiting
        waiting = ByteBuffer()
        return all
    }
}
