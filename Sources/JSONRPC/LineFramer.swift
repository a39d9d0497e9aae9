public import NIOCore

/// Cuts a byte stream into lines, as newline-framed JSON-RPC over stdio does (MCP, transports, stdio).
///
/// Feed it with `append(_:)`, then call `next()` until it returns nil. It holds at most the limit plus one chunk, and
/// looks at every byte once, however small the chunks are.
public struct LineFramer: Sendable {
    /// What a stream consists of.
    public enum Line: Sendable, Equatable {
        /// A line without its LF and without one CR before it; never empty. It shares storage with its chunk.
        case line(ByteBuffer)
        /// A line beyond the limit: its first bytes. It comes as soon as that is known; the rest is discarded.
        case oversized(head: ByteBuffer)
    }

    /// How many bytes of an oversized line are kept, if nobody wants another number.
    public static let headLength = 4096

    private let maximumLength: Int
    private let headLength: Int
    /// What has not been handed out. Once a line spans chunks, this is the framer's own storage.
    private var pending = ByteBuffer()
    /// How many of the pending bytes are known to hold no LF.
    private var searched = 0
    /// Whether the current line was oversized, so that everything up to its LF goes.
    private var isDiscarding = false

    /// Creates a framer at the start of a stream.
    ///
    /// - Parameters:
    ///   - maximumLength: the longest line in bytes, not counting what ends it.
    ///   - headLength: how many bytes of a longer line are kept; never more than `maximumLength`.
    public init(maximumLength: Int, headLength: Int = headLength) {
        self.maximumLength = maximumLength
        self.headLength = min(headLength, maximumLength)
    }

    /// Adds the stream's next bytes.
    public mutating func append(_ chunk: ByteBuffer) {
        pending.appendChunk(chunk)
    }

    /// The next line, or nil when more bytes are needed. Empty lines are skipped.
    public mutating func next() -> Line? {
        while let length = lengthOfPendingLine() {
            searched = 0
            let wasDiscarding = isDiscarding
            isDiscarding = false
            let line = pending.readSlice(length: length)
            pending.moveReaderIndex(forwardBy: 1)
            if !wasDiscarding, let line = line.flatMap(finished) { return line }
        }
        if isDiscarding || pending.readableBytes == 0 {
            // Lets go of the chunk's storage too, so that whoever reads the stream can use it again.
            drop()
        } else if isTooLongAlready {
            let head = head(of: pending)
            drop()
            isDiscarding = true
            return head
        }
        return nil
    }

    /// Ends the stream.
    ///
    /// - Returns: the last line, if no LF ended it. Call `next()` until it returns nil before.
    public mutating func finish() -> Line? {
        let rest = isDiscarding ? nil : finished(pending)
        drop()
        isDiscarding = false
        return rest
    }

    /// How many bytes the next search looks at; no larger than the last chunk, or long lines would take long.
    var unsearchedBytes: Int { pending.readableBytes - searched }

    private mutating func lengthOfPendingLine() -> Int? {
        let found = pending.firstOffset(of: UInt8(ascii: "\n"), from: searched)
        if found == nil { searched = pending.readableBytes }
        return found
    }

    /// Whether the line whose LF has not come is over the limit; a CR at its end may turn out not to count.
    private var isTooLongAlready: Bool {
        let excess = pending.readableBytes - maximumLength
        return excess > 1 || excess == 1 && pending.readableBytesView.last != UInt8(ascii: "\r")
    }

    /// What to report of a line whose LF has been taken off; nil when it is empty.
    private func finished(_ line: ByteBuffer) -> Line? {
        var content = line
        if content.readableBytesView.last == UInt8(ascii: "\r") {
            content.moveWriterIndex(to: content.writerIndex - 1)
        }
        guard content.readableBytes <= maximumLength else { return head(of: line) }
        return content.readableBytes == 0 ? nil : .line(content)
    }

    /// Copied, so that the few bytes do not keep a big buffer alive. It never depends on how the stream was chunked.
    private func head(of line: ByteBuffer) -> Line {
        .oversized(head: ByteBuffer(bytes: line.readableBytesView.prefix(headLength)))
    }

    private mutating func drop() {
        pending = ByteBuffer()
        searched = 0
    }
}
