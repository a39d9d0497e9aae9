/// The environment that the gateway was started with.
enum ProcessEnvironment {
    /// All of it, from proc(5): Glibc's module does not show `environ` to Swift.
    static let current: [String: String] = {
        var variables: [String: String] = [:]
        for entry in (File.read("/proc/self/environ", limit: 4 << 20) ?? []).split(separator: 0) {
            let text = String(decoding: entry, as: UTF8.self)
            guard let equals = text.firstIndex(of: "=") else { continue }
            variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return variables
    }()

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
