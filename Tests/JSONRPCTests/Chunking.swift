import FuzzSupport
import NIOCore

/// The ways in which the tests cut a stream.
enum Chunking {
    /// The stream in two chunks, cut at `position`.
    static func halves(_ stream: [UInt8], at position: Int) -> [ByteBuffer] {
        [ByteBuffer(bytes: stream[..<position]), ByteBuffer(bytes: stream[position...])]
    }

    /// The stream in chunks of `size` bytes.
    static func pieces(_ stream: [UInt8], of size: Int) -> [ByteBuffer] {
        stride(from: 0, to: stream.count, by: size).map {
            ByteBuffer(bytes: stream[$0..<min($0 + size, stream.count)])
        }
    }

    /// The stream in chunks of up to `longest` bytes, empty ones included.
    static func random(
        _ stream: [UInt8], upTo longest: Int, using generator: inout SeededGenerator
    ) -> [ByteBuffer] {
        var chunks: [ByteBuffer] = []
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + Int.random(in: 0...longest, using: &generator))
            // Part of a larger buffer, as a channel's reads may be.
            var chunk = ByteBuffer(string: "before")
            chunk.writeBytes(stream[start..<end])
            chunk.writeString("after")
            if let slice = chunk.getSlice(at: 6, length: end - start) { chunks.append(slice) }
            start = end
        }
        return chunks
    }
}
