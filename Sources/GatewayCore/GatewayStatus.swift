public import Supervision

/// How the gateway and its servers stand at one moment.
public struct GatewayStatus: Sendable {
    /// The servers, in the order of the configuration.
    public let servers: [ServerSnapshot]
    /// Open client sessions.
    public let sessions: Int

    /// Describes how things stand.
    public init(servers: [ServerSnapshot], sessions: Int) {
        self.servers = servers
        self.sessions = sessions
    }

    /// Required servers that have neither been ready nor used up their first start.
    public var awaited: [ServerSnapshot] {
        servers.filter { $0.isRequired && !$0.hasStarted }
    }

    /// Required servers that cannot be called now.
    public var missing: [ServerSnapshot] {
        servers.filter { $0.isRequired && !$0.isReady }
    }

    /// One line for people, as `systemctl status` shows it: `3/4 servers ready; git backing off, next start in 8 s`.
    public var line: String {
        let wanted = servers.filter { $0.phase != .disabled }
        guard !wanted.isEmpty else { return "no servers configured" }
        let ready = wanted.count { $0.isReady }
        let rest = wanted.filter { !$0.isReady }.map(\.briefly)
        let summary = "\(ready)/\(wanted.count) servers ready"
        return rest.isEmpty ? summary : "\(summary); \(Self.enumerated(rest, by: "; "))"
    }

    /// The first of them, and how many more there are.
    static func enumerated(_ items: [String], by separator: String) -> String {
        let shown = items.prefix(3)
        let more = items.count > shown.count ? ["and \(items.count - shown.count) more"] : []
        return (shown + more).joined(separator: separator)
    }
}
