internal import NIOCore

extension ByteBuffer {
    /// The first 200 bytes as text, for a log; what is no UTF-8 is replaced.
    var head: String {
        String(buffer: getSlice(at: readerIndex, length: min(readableBytes, 200)) ?? ByteBuffer())
    }
}
