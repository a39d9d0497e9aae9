public import NIOCore

extension Message {
    /// A stretch of the message, as the envelope counts it, and the bytes to put in its place.
    public typealias Replacement = (range: Range<Int>, bytes: ByteBuffer)

    /// The message on one line.
    ///
    /// A CR or LF in valid JSON can stand only between tokens, since strings must escape it; each becomes a space.
    /// Without one these are the message's own bytes, uncopied.
    public var singleLine: ByteBuffer {
        envelope.containsLineBreaks ? spliced([], growth: 0) : bytes
    }

    /// The message on one line with one stretch replaced, everything else byte for byte as it came.
    public func replacing(_ replacement: Replacement) -> ByteBuffer {
        spliced(CollectionOfOne(replacement), growth: growth(replacement))
    }

    /// The message on one line with two stretches replaced, in whatever order they stand.
    ///
    /// - Precondition: they do not overlap.
    public func replacing(_ one: Replacement, _ other: Replacement) -> ByteBuffer {
        let isInOrder = one.range.lowerBound <= other.range.lowerBound
        let (first, second) = isInOrder ? (one, other) : (other, one)
        precondition(first.range.upperBound <= second.range.lowerBound, "replacements overlap")
        return spliced(Pair(first: first, second: second), growth: growth(first) + growth(second))
    }

    /// The message on one line, under another id and another progress token.
    ///
    /// The token is the one a request asks for (`params._meta.progressToken`) or the one a notification reports on
    /// (`params.progressToken`). What the message does not have is not added.
    ///
    /// - Parameters:
    ///   - id: the new id as JSON text; nil keeps the old one.
    ///   - progressToken: the new token as JSON text; nil keeps the old one.
    public func rewriting(id: ByteBuffer? = nil, progressToken: ByteBuffer? = nil) -> ByteBuffer {
        let tokenRange = kind == .request ? envelope.metaProgressToken : envelope.progressToken
        let newID = id.flatMap { id in envelope.id.map { Replacement($0, id) } }
        let newToken = progressToken.flatMap { token in tokenRange.map { Replacement($0, token) } }
        switch (newID, newToken) {
        case (let newID?, let newToken?): return replacing(newID, newToken)
        case (let newID?, nil): return replacing(newID)
        case (nil, let newToken?): return replacing(newToken)
        case (nil, nil): return singleLine
        }
    }

    /// The `notifications/cancelled` on one line, cancelling another request; without a `requestId`, as it came.
    public func rewriting(cancelledRequestID: ByteBuffer) -> ByteBuffer {
        envelope.cancelledRequestID.map { replacing(($0, cancelledRequestID)) } ?? singleLine
    }

    private func growth(_ replacement: Replacement) -> Int {
        replacement.bytes.readableBytes - replacement.range.count
    }

    /// Copies the message once, with `replacements`, which stand in order, in their places.
    private func spliced(_ replacements: some Collection<Replacement>, growth: Int) -> ByteBuffer {
        let length = bytes.readableBytes + growth
        var output = ByteBuffer()
        _ = bytes.withUnsafeReadableBytes { source in
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
                var read = 0
                var written = 0
                for replacement in replacements {
                    written += Self.copy(source[read..<replacement.range.lowerBound], to: target[written...])
                    let rest = target[written...]
                    written += replacement.bytes.withUnsafeReadableBytes { Self.copy($0[...], to: rest) }
                    read = replacement.range.upperBound
                }
                written += Self.copy(source[read...], to: target[written...])
                if envelope.containsLineBreaks {
                    LineBreaks.blank(UnsafeMutableRawBufferPointer(rebasing: target[..<written]))
                }
                return written
            }
        }
        return output
    }

    private static func copy(
        _ piece: Slice<UnsafeRawBufferPointer>, to target: Slice<UnsafeMutableRawBufferPointer>
    ) -> Int {
        UnsafeMutableRawBufferPointer(rebasing: target).copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
        return piece.count
    }
}

/// Two elements without an array's allocation.
private struct Pair<Element>: Collection {
    let first: Element
    let second: Element

    var startIndex: Int { 0 }
    var endIndex: Int { 2 }
    func index(after index: Int) -> Int { index + 1 }
    subscript(index: Int) -> Element { index == 0 ? first : second }
}
