internal import Glibc

/// The few files that a benchmark needs.
enum File {
    /// The path of this program.
    static let ownExecutable: String = {
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { max(0, readlink("/proc/self/exe", $0, text.count)) } ?? 0
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }()

    /// A path for a file that is this process's own, in the directory for temporary ones.
    static func temporaryPath(_ name: String) -> String {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(directory)/\(getpid())-\(name)"
    }

    /// Writes a file, over the last one at that path.
    static func write(_ text: String, to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BenchFailure("cannot write \(path)") }
        defer { close(file) }
        var text = text
        let isWritten = text.withUTF8 { Glibc.write(file, $0.baseAddress, $0.count) == $0.count }
        guard isWritten else { throw BenchFailure("cannot write \(path)") }
    }

    static func remove(_ path: String) {
        unlink(path)
    }
}
