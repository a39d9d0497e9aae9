internal import Glibc
internal import JSONRPC
internal import NIOCore

/// The echo server on stdin and stdout, as cheap as it gets: one thread that reads, answers and writes.
enum StdioEcho {
    private static let chunk = 64 << 10

    /// Answers until stdin ends.
    static func run() throws {
        var framer = LineFramer(maximumLength: 64 << 20)
        while let bytes = try read() {
            framer.append(bytes)
            var answers = ByteBuffer()
            while let line = framer.next() {
                guard case .line(let message) = line else { continue }
                guard let answer = try EchoServer.answer(message) else { continue }
                answers.writeImmutableBuffer(answer)
                answers.writeInteger(UInt8(ascii: "\n"))
            }
            try write(answers)
        }
    }

    private static func read() throws -> ByteBuffer? {
        var buffer = ByteBuffer()
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: chunk) { target in
            max(Glibc.read(STDIN_FILENO, target.baseAddress, target.count), 0)
        }
        return count > 0 ? buffer : nil
    }

    private static func write(_ bytes: ByteBuffer) throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            let written = rest.readWithUnsafeReadableBytes { source in
                max(Glibc.write(STDOUT_FILENO, source.baseAddress, source.count), 0)
            }
            guard written > 0 else { throw BenchFailure("nobody reads the echo server's stdout") }
        }
    }
}
