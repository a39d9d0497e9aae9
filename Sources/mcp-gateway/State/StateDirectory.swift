internal import Supervision

/// Where the gateway keeps what outlives it: the unit's `StateDirectory=`, else the user's (XDG Base Directory
/// Specification).
enum StateDirectory {
    /// The directory, or `nil` where neither systemd nor a home names one.
    static func path(in environment: [String: String]) -> String? {
        if let directories = environment["STATE_DIRECTORY"], let first = directories.split(separator: ":").first {
            return String(first)
        }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/mcp-gateway" }
        return environment["HOME"].map { $0 + "/.local/state/mcp-gateway" }
    }

    /// What the files of a server are called, if it is a process. The name holds a hash of the command line, so that
    /// nothing is taken for granted of another program; environment variables, which may be secrets, are not part of it.
    static func fileName(of specification: ServerSpecification) -> String? {
        guard case .process(let command) = specification.launch else { return nil }
        let name = String(specification.name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
        let identity = [specification.name, command.command] + command.arguments + [command.workingDirectory ?? ""]
        return "\(name)-\(hash(identity))"
    }

    /// FNV-1a, 64 bits: stable over runs, which Swift's own hashing is not.
    private static func hash(_ parts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in parts.joined(separator: "\0").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}
