internal import Glibc

/// The few file operations that the gateway needs, none of which throws: `errno` says why one failed.
enum File {
    /// The bytes of a file, or `nil` if it cannot be read or is longer than `limit`.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var failed = false
        while bytes.count <= limit {
            let chunk = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
                let read = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                failed = read < 0
                count = max(read, 0)
            }
            guard !failed else { return nil }
            guard !chunk.isEmpty else { return bytes }
            bytes += chunk
        }
        return nil
    }

    /// Puts `bytes` in the place of a file, whole or not at all, readable by its owner only.
    static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard close(descriptor) == 0, written == bytes.count else { return false }
        return rename(temporary, path) == 0
    }

    /// Makes a directory and its parents, open to its owner only.
    static func makeDirectory(_ path: String) -> Bool {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return true }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return false }
        return makeDirectory(String(path[..<slash])) && (mkdir(path, 0o700) == 0 || errno == EEXIST)
    }
}
