import Foundation

/// Writes to stderr with `write(2)`: it blocks when nobody drains the pipe, as a real server's logging does.
enum StandardError {
    static func write(_ text: String) {
        FileDescriptor.writeAll(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Lines of 100 bytes, the last one cut to make the sum exact.
    static func flood(bytes: Int) {
        let line = Array(("flood " + String(repeating: "x", count: 93) + "\n").utf8)
        let block = Array(repeating: line, count: 100).flatMap { $0 }
        var left = bytes
        while left > 0 {
            let part = block.prefix(left)
            FileDescriptor.writeAll(Array(part), to: STDERR_FILENO)
            left -= part.count
        }
    }
}
