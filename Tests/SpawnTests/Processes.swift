import Glibc

/// Processes as proc(5) shows them.
enum Processes {
    /// Whether a process of this number runs; one that only waits to be collected does not.
    static func isAlive(_ process: Int32) -> Bool {
        // The state follows the name, which is in brackets and may hold some.
        let state = contents("/proc/\(process)/stat").split(separator: ") ").last?.first
        return state != nil && state != "Z"
    }

    /// How many processes have this text in their command line.
    static func count(running text: String) -> Int {
        let words = text.replacing(" ", with: "\0")
        return names(in: "/proc").count { name in
            let command = contents("/proc/\(name)/cmdline")
            return command.contains(words) || command.contains(text)
        }
    }

    /// Waits for something in proc(5), which sends no event; false when the time is over.
    static func wait(within limit: Duration, for condition: @escaping @Sendable () -> Bool) async -> Bool {
        await onThread {
            let deadline = ContinuousClock.now + limit
            while !condition() {
                guard ContinuousClock.now < deadline else { return false }
                usleep(2000)
            }
            return true
        }
    }

    /// The entries of a directory, but for hidden ones.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// All of a file; nothing if it is not there.
    static func contents(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(file, &chunk, chunk.count), count > 0 {
            all.append(contentsOf: chunk.prefix(count))
        }
        return String(decoding: all, as: UTF8.self)
    }
}
