internal import Glibc

/// Why there is no file to execute for a command: where was looked, as whom, and what was in the way.
public struct ExecutableNotFound: Error, Sendable, Equatable, CustomStringConvertible {
    /// Why a file that was looked at is not the one.
    public enum Hindrance: Sendable, Equatable {
        /// There is nothing of this name.
        case missing
        /// It is there, but may not be executed.
        case notExecutable
        /// It is a directory.
        case isDirectory
        /// It is no regular file.
        case isNoFile
        /// A directory on the way to it may not be entered.
        case unreachable
        /// The system refused to tell, with this errno(3).
        case other(Int32)
    }

    /// A path that was looked at, and what was wrong with it.
    public struct Obstacle: Sendable, Equatable {
        /// The path.
        public var path: String
        /// What was wrong with it.
        public var hindrance: Hindrance
    }

    /// What was looked for.
    public var command: String
    /// The directories that were searched; none if the command is a path.
    public var directories: [String]
    /// Whether these come from the environment.
    public var hasPath: Bool
    /// What was in the way. In a search, places without such a file are not listed.
    public var obstacles: [Obstacle]

    /// One sentence that says all of it: `uvx: not found in /usr/bin, /bin (PATH of the server's environment), as
    /// user mcp-gateway`.
    public var description: String {
        if command.isEmpty { return "the command is empty" }
        let name = command.filter { $0 != "\0" }
        if name != command { return "\(name): the command contains a NUL byte" }
        var findings = obstacles.map { "\($0.path) \($0.hindrance.clause)" }
        if !directories.isEmpty {
            let source = hasPath ? "PATH of the server's environment" : "its environment has no PATH"
            let found = findings.isEmpty ? "not found" : "nothing usable found"
            findings.append("\(found) in \(directories.joined(separator: ", ")) (\(source))")
        }
        return "\(name): \(findings.joined(separator: "; ")), as user \(Self.userName)"
    }

    /// The user this program runs as, whose rights a server has too.
    private static var userName: String {
        let user = geteuid()
        var entry = passwd()
        var buffer = [CChar](repeating: 0, count: 16 * 1024)
        var result: UnsafeMutablePointer<passwd>?
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &result) == 0, result != nil, let name = entry.pw_name
        else { return "number \(user)" }
        return withExtendedLifetime(buffer) { String(cString: name) }
    }
}

extension ExecutableNotFound.Hindrance {
    /// The rest of a sentence that begins with the path.
    fileprivate var clause: String {
        switch self {
        case .missing: "does not exist"
        case .notExecutable: "is not executable"
        case .isDirectory: "is a directory"
        case .isNoFile: "is no regular file"
        case .unreachable: "cannot be reached (permission denied)"
        case .other(let error): "cannot be examined (\(String(cString: strerror(error))))"
        }
    }
}
