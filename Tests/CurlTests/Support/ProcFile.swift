import Glibc

/// Files of proc(5), which have no size that could be asked for.
enum ProcFile {
    /// All of it; empty if it cannot be read.
    static func contents(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while case let count = read(file, &chunk, chunk.count), count > 0 { all += chunk.prefix(count) }
        return String(decoding: all, as: UTF8.self)
    }
}
