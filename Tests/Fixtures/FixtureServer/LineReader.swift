import Foundation

/// Lines of stdin, read with `read(2)` by whoever calls: while nobody calls, the pipe fills up.
struct LineReader {
    private var buffer: [UInt8] = []
    private var searched = 0
    private var ended = false

    /// The next line without its newline; nil at the end of stdin.
    mutating func next() -> String? {
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                searched = 0
                return line
            }
            searched = buffer.count
            if ended { return nil }
            fill()
        }
    }

    /// Reads nothing for that long, on purpose on the caller's thread.
    func pause(milliseconds: Int) {
        usleep(UInt32(milliseconds) * 1000)
    }

    private mutating func fill() {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        if count > 0 {
            buffer += chunk.prefix(count)
        } else if count == 0 || errno != EINTR {
            ended = true
        }
    }
}
