internal import CSpawn
internal import Glibc

/// The environment that the gateway was started with.
enum ProcessEnvironment {
    /// All of it.
    static var current: [String: String] {
        var variables: [String: String] = [:]
        var next = cspawn_environ()
        while let entry = next?.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next = next?.advanced(by: 1)
        }
        return variables
    }

    /// What a server inherits: everything, as with TBXark/mcp-proxy, but for what the service manager says to the
    /// gateway alone. A child that saw `NOTIFY_SOCKET` could declare the gateway ready, or dead.
    static func inherited(by configured: [String: String]) -> [String: String] {
        let own: Set<String> = [
            "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
            "CREDENTIALS_DIRECTORY", "JOURNAL_STREAM", "INVOCATION_ID", "MAINPID",
        ]
        return current.filter { !own.contains($0.key) }.merging(configured) { _, configured in configured }
    }
}
