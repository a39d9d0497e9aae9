import Glibc

/// What proc(5) says of processes and of the descriptors of this one.
enum ProcessTable {
    /// Returns once a process that was killed runs no more. One of another parent may stay a zombie for a while.
    static func untilGone(_ process: Int32) async throws {
        while isRunning(process) { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Whether the process exists, a zombie included.
    static func exists(_ process: Int32) -> Bool {
        kill(process, 0) == 0
    }

    /// What the descriptors 0 to 2 of a process are, e.g. `pipe:[4711]`.
    static func standardFiles(of process: Int32) -> Set<String> {
        Set((0...2).map { link("/proc/\(process)/fd/\($0)") })
    }

    /// What this process has open.
    static func ownFiles() -> Set<String> {
        guard let stream = opendir("/proc/self/fd") else { return [] }
        defer { closedir(stream) }
        var files: Set<String> = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            files.insert(link("/proc/self/fd/\(name)"))
        }
        return files
    }

    private static func isRunning(_ process: Int32) -> Bool {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 512)
        let count = read(file, &text, text.count)
        let state = String(decoding: text.prefix(max(count, 0)), as: UTF8.self).split(separator: ")").last
        return state?.first { $0 != " " } != "Z" && count > 0
    }

    private static func link(_ path: String) -> String {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &target, target.count)
        return String(decoding: target.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
