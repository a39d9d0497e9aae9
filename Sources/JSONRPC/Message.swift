public import NIOCore

/// One JSON-RPC message: its bytes, untouched, and where in them the routing members are.
public struct Message: Sendable {
    /// What kind of message this is (JSON-RPC 2.0 §4, §5).
    public enum Kind: Sendable, Equatable {
        /// Has a `method` and an `id`.
        case request
        /// Has a `method` and no `id`.
        case notification
        /// Has an `id` and a `result` or an `error`.
        case response
    }

    /// The bytes as they came; `readerIndex` is where the envelope's offset 0 lies.
    public let bytes: ByteBuffer
    /// Where the routing members are.
    public let envelope: Envelope

    /// Validates `bytes` as one JSON-RPC message and notes its routing members.
    ///
    /// - Parameter maximumDepth: how many objects and arrays may be open at once, at most 128.
    /// - Throws: `ScanError` when it is not one.
    public init(_ bytes: ByteBuffer, maximumDepth: Int = 128) throws(ScanError) {
        self.bytes = bytes
        envelope = try Envelope(scanning: bytes, maximumDepth: maximumDepth)
    }

    /// What is known to be a message, and where its members are.
    init(bytes: ByteBuffer, envelope: Envelope) {
        self.bytes = bytes
        self.envelope = envelope
    }

    /// Request, notification or response.
    public var kind: Kind {
        guard envelope.method != nil else { return .response }
        return envelope.id == nil ? .notification : .request
    }

    /// The id, spelled as its sender spelled it.
    public var id: RequestID? {
        envelope.id.map { RequestID(json: slice($0)) }
    }

    /// The bytes of one of the envelope's ranges. They share the message's storage.
    public func slice(_ range: Range<Int>) -> ByteBuffer {
        bytes.getSlice(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }
}
