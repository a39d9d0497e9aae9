internal import Glibc

/// What a process has used, from proc(5).
enum ProcessFigures {
    /// The CPU time of all its threads, in nanoseconds, without that of its children.
    static func cpuNanoseconds(of processID: Int32) -> UInt64 {
        threads(of: processID).reduce(0) { sum, thread in
            let text = read("/proc/\(processID)/task/\(thread)/schedstat")
            return sum + (text.split(separator: " ").first.flatMap { UInt64($0) } ?? 0)
        }
    }

    /// Kinds of memory in RAM.
    enum Memory: String {
        case all = "VmRSS:"
        /// What is not pages of a file, such as of the program itself, which the kernel can drop and share.
        case own = "RssAnon:"
    }

    /// The memory it has in RAM, in bytes.
    static func residentBytes(of processID: Int32, _ kind: Memory = .all) -> Int {
        for line in read("/proc/\(processID)/status").split(separator: "\n") where line.hasPrefix(kind.rawValue) {
            return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
        }
        return 0
    }

    private static func threads(of processID: Int32) -> [String] {
        guard let directory = opendir("/proc/\(processID)/task") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.utf8.first != UInt8(ascii: ".") { names.append(name) }
        }
        return names
    }

    private static func read(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
            count = max(0, Glibc.read(file, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
