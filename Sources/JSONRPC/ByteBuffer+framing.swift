import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ByteBuffer {
    /// Appends a chunk to what is left of the chunks before it.
    ///
    /// Nothing is copied while nothing is left. Otherwise the rest moves into storage that no line shares, once, and
    /// grows there, so that many small chunks cost no more than one large one.
    mutating func appendChunk(_ chunk: ByteBuffer) {
        guard readableBytes > 0 else {
            self = chunk
            return
        }
        // The bytes that were read before it are not worth copying along.
        if readerIndex > 0 { self = slice() }
        writeImmutableBuffer(chunk)
    }

    /// The offset of the first `byte`, counted from the reader index, at or after `start`.
    func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        withUnsafeReadableBytes { memory in
            guard start < memory.count, let base = memory.baseAddress,
                let found = memchr(base + start, Int32(byte), memory.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// The offset of the first CR or LF, counted from the reader index, at or after `start`.
    func firstLineBreakOffset(from start: Int) -> Int? {
        withUnsafeReadableBytes { memory in
            let ones: UInt64 = 0x0101_0101_0101_0101
            var offset = start
            // Two searches with memchr would look at bytes again when a stream uses only one of the two.
            while offset &+ 8 <= memory.count {
                let word = UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let feeds = word ^ (ones &* 0x0A)
                let returns = word ^ (ones &* 0x0D)
                let marks = (((feeds &- ones) & ~feeds) | ((returns &- ones) & ~returns)) & (ones &* 0x80)
                guard marks == 0 else { return offset &+ marks.trailingZeroBitCount &>> 3 }
                offset &+= 8
            }
            while offset < memory.count {
                if LineBreaks.isLineBreak(memory[offset]) { return offset }
                offset &+= 1
            }
            return nil
        }
    }
}
