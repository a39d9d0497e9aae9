public import NIOCore

extension Envelope {
    /// Reads `bytes` as one JSON-RPC 2.0 message, in one pass and without allocating.
    ///
    /// The whole text must be JSON (RFC 8259) with well-formed UTF-8. A text that is neither JSON nor JSON-RPC is
    /// reported as not JSON.
    ///
    /// - Parameter maximumDepth: how many objects and arrays may be open at once, at most 128.
    /// - Throws: `ScanError` when it is no such message.
    public init(scanning bytes: ByteBuffer, maximumDepth: Int = 128) throws(ScanError) {
        self = try bytes.withUnsafeReadableBytes { memory throws(ScanError) in
            guard let reader = JSONReader(memory, maximumDepth: maximumDepth) else { throw .notJSON(offset: 0) }
            var scanner = EnvelopeScanner(reader)
            try scanner.scan()
            return scanner.envelope
        }
    }

    /// What can be known of a text that is no whole message: one that failed as JSON-RPC, or the first bytes of one
    /// that was too long.
    ///
    /// The envelope holds the members that stand completely in `head`; a number that reaches its end may be cut and
    /// is left out. Nothing after the first error is seen. Its ranges are best effort: use them to say what went
    /// wrong and to whom, never to route.
    public static func salvaging(_ head: ByteBuffer) -> Envelope {
        head.withUnsafeReadableBytes { memory in
            guard let reader = JSONReader(memory, maximumDepth: JSONReader.deepest) else { return Envelope() }
            var scanner = EnvelopeScanner(reader)
            try? scanner.scan()
            return scanner.salvage
        }
    }

    /// The id of a text that is no whole message, if it can be told; see `salvaging(_:)`.
    ///
    /// It says who is to be told of the failure. Whether that is the caller (`method` was read) or the answered side
    /// is for `salvaging(_:)` to say.
    public static func salvageID(in head: ByteBuffer) -> RequestID? {
        salvaging(head).id.flatMap { range in
            head.getSlice(at: head.readerIndex + range.lowerBound, length: range.count).map(RequestID.init(json:))
        }
    }
}
