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
}
