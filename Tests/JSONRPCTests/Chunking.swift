import NIOCore

/// A generator whose sequence is known from its seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

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
