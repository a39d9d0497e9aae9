internal import CSpawn
internal import Glibc

/// Finds the file of a command, as execvp(3) would in the server's own environment, but says why it found none.
public enum ExecutableSearch {
    /// Searched when the environment has no `PATH`.
    static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

    /// Finds the file to execute.
    ///
    /// A command with a slash is taken as it is. Relative paths, in `PATH` too, are seen from `workingDirectory`; what
    /// is returned is to be executed there.
    ///
    /// - Parameters:
    ///   - environment: the environment of the process to be, whose `PATH` is searched.
    ///   - workingDirectory: the directory the process will start in; the caller's if `nil`.
    /// - Throws: `ExecutableNotFound`, which names every place that was looked at.
    public static func find(
        _ command: String, environment: [String: String], workingDirectory: String? = nil
    ) throws(ExecutableNotFound) -> String {
        let hasSlash = command.utf8.contains(UInt8(ascii: "/"))
        let directories = hasSlash ? [] : directories(of: environment["PATH"] ?? defaultPath)
        let candidates = hasSlash ? [command] : directories.map { "\($0)/\(command)" }
        var obstacles: [ExecutableNotFound.Obstacle] = []
        guard !command.isEmpty, !command.utf8.contains(0) else {
            throw ExecutableNotFound(command: command, directories: [], hasPath: true, obstacles: [])
        }
        for candidate in candidates {
            switch examine(absolute(candidate, from: workingDirectory)) {
            case nil: return candidate
            case .missing where !hasSlash: continue
            case .some(let hindrance):
                obstacles.append(ExecutableNotFound.Obstacle(path: candidate, hindrance: hindrance))
            }
        }
        throw ExecutableNotFound(
            command: command, directories: directories, hasPath: environment["PATH"] != nil, obstacles: obstacles)
    }

    /// The entries of a `PATH`, each once. An empty entry means the working directory, as POSIX has it.
    private static func directories(of path: String) -> [String] {
        var seen: Set<Substring> = []
        return path.split(separator: ":", omittingEmptySubsequences: false)
            .filter { seen.insert($0).inserted }
            .map { $0.isEmpty ? "." : String($0) }
    }

    private static func absolute(_ path: String, from directory: String?) -> String {
        guard let directory, !path.utf8.starts(with: "/".utf8) else { return path }
        return "\(directory)/\(path)"
    }

    /// What keeps us from executing this file; `nil` if nothing does.
    private static func examine(_ path: String) -> ExecutableNotFound.Hindrance? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            switch errno {
            case ENOENT, ENOTDIR: return .missing
            case EACCES: return .unreachable
            case let error: return .other(error)
            }
        }
        if status.st_mode & S_IFMT == S_IFDIR { return .isDirectory }
        if status.st_mode & S_IFMT != S_IFREG { return .isNoFile }
        return cspawn_may_execute(path) == 0 ? nil : .notExecutable
    }
}
