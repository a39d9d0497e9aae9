internal import Glibc

/// Reads files of this machine.
enum SystemFile {
    /// The bytes of a file, or one byte more than `limit` if it is larger.
    /// - Parameter mustBeRegular: Whether pipes and devices are refused. They are not for the configuration itself,
    ///   which may come from a shell's `<(…)`.
    static func read(_ path: String, limit: Int, mustBeRegular: Bool) throws(FileReader.Failure) -> [UInt8] {
        // Without O_NONBLOCK, opening a named pipe waits for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | (mustBeRegular ? O_NONBLOCK : 0))
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        if mustBeRegular {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let wanted = min(chunk.count, limit + 1 - bytes.count)
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, wanted) }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }
}
