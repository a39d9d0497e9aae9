/// Where the control socket is.
enum ControlSocket {
    /// The name of its file.
    static let fileName = "control.sock"

    /// The runtime directory of the packaged service.
    static let serviceDirectory = "/run/mcp-gateway"

    /// Where a gateway makes its own unless it is told: in the unit's `RuntimeDirectory=`, else in that of the user (XDG
    /// Base Directory Specification); `nil` where there is neither.
    static func standardPath(in environment: [String: String]) -> String? {
        if let path = servicePath(in: environment) { return path }
        return userPath(in: environment)
    }

    /// Where a gateway is looked for: the nearest first.
    static func candidates(in environment: [String: String]) -> [String] {
        [servicePath(in: environment), userPath(in: environment), "\(serviceDirectory)/\(fileName)"].compactMap(\.self)
    }

    private static func servicePath(in environment: [String: String]) -> String? {
        guard let directory = environment["RUNTIME_DIRECTORY"]?.split(separator: ":").first else { return nil }
        return "\(directory)/\(fileName)"
    }

    private static func userPath(in environment: [String: String]) -> String? {
        guard let directory = environment["XDG_RUNTIME_DIR"], directory.hasPrefix("/") else { return nil }
        return "\(directory)/mcp-gateway/\(fileName)"
    }
}
