import NIOCore

/// Cuts an event stream into lines, which LF, CR or CRLF end (WHATWG HTML §9.2.5).
struct SSELines: Sendable {
    enum Line {
        /// An empty line, which ends an event.
        case blank
        /// A line as it stands.
        case whole(ByteBuffer)
        /// The end of a line whose beginning was discarded.
        case cut
    }

    /// The bytes after the last line that was handed out.
    private(set) var unfinished = ByteBuffer()
    /// How many of them are known to hold no line break.
    private var searched = 0
    /// Whether the last line ended with a CR, so that an LF that comes next belongs to it.
    private var endedWithCR = false
    /// Whether bytes of the current line were discarded.
    private var isCut = false
    /// Whether the stream may still begin with a byte order mark.
    private var isAtStart = true

    mutating func append(_ chunk: ByteBuffer) {
        unfinished.appendChunk(chunk)
    }

    mutating func next() -> Line? {
        if isAtStart && !skippedByteOrderMark() { return nil }
        if endedWithCR, let byte = unfinished.readableBytesView.first {
            if byte == UInt8(ascii: "\n") { unfinished.moveReaderIndex(forwardBy: 1) }
            endedWithCR = false
        }
        guard let length = unfinished.firstLineBreakOffset(from: searched),
            let line = unfinished.readSlice(length: length), let lineBreak = unfinished.readInteger(as: UInt8.self)
        else {
            searched = unfinished.readableBytes
            // Lets go of the chunk's storage, so that whoever reads the stream can use it again.
            if searched == 0 { unfinished = ByteBuffer() }
            return nil
        }
        searched = 0
        endedWithCR = lineBreak == UInt8(ascii: "\r")
        guard !isCut else {
            isCut = false
            return .cut
        }
        return line.readableBytes == 0 ? .blank : .whole(line)
    }

    /// Forgets the beginning of the line that is not finished.
    mutating func discardUnfinished() {
        if unfinished.readableBytes > 0 { isCut = true }
        unfinished = ByteBuffer()
        searched = 0
    }

    /// Skips the mark, if the stream begins with one. Returns false while too few bytes have come to tell.
    private mutating func skippedByteOrderMark() -> Bool {
        let mark = "\u{FEFF}".utf8
        let start = unfinished.readableBytesView.prefix(mark.count)
        guard start.count == mark.count || !mark.starts(with: start) else { return false }
        if start.elementsEqual(mark) { unfinished.moveReaderIndex(forwardBy: mark.count) }
        isAtStart = false
        return true
    }
}
