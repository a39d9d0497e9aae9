public import NIOCore

/// CR and LF, which end a line for newline framing and for server-sent events alike.
enum LineBreaks {
    static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// Makes a space of every CR and LF.
    static func blank(_ bytes: UnsafeMutableRawBufferPointer) {
        for index in bytes.indices where isLineBreak(bytes[index]) {
            bytes[index] = UInt8(ascii: " ")
        }
    }
}

extension ByteBuffer {
    /// Appends `text` with a space for every CR and LF, so that it cannot end the line it is put into.
    ///
    /// JSON text means the same afterwards: in it they stand only between tokens.
    public mutating func writeOnOneLine(_ text: ByteBuffer) {
        let start = writerIndex
        writeImmutableBuffer(text)
        guard text.readableBytesView.contains(where: LineBreaks.isLineBreak) else { return }
        withVeryUnsafeMutableBytes { storage in
            LineBreaks.blank(UnsafeMutableRawBufferPointer(rebasing: storage[start..<start + text.readableBytes]))
        }
    }

    /// Appends `text` with a space for every CR and LF.
    mutating func writeOnOneLine(_ text: String) {
        writeOnOneLine(ByteBuffer(string: text))
    }
}
