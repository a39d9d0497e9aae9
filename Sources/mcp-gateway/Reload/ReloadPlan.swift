internal import GatewayConfiguration
internal import Supervision

/// What a changed configuration changes in the running gateway. A pure comparison.
struct ReloadPlan: Equatable {
    /// Servers that are stopped, started, or stopped and started in another way.
    let servers: SpecificationChanges
    /// Servers whose process is not touched, while who may use them, or what is seen of them, changes.
    let updated: [String]
    /// Keys of `mcpProxy` that have changed, and take effect now.
    let updatedKeys: [String]
    /// Keys of `mcpProxy` that are read only when the gateway starts, and have changed since then.
    let needingRestart: [String]

    /// - Parameter started: what the gateway was started with.
    init(from old: Configuration, to new: Configuration, started: Configuration) {
        servers = SpecificationChanges(from: old.specifications, to: new.specifications)
        let before = Dictionary(old.servers.map { ($0.name, $0) }) { first, _ in first }
        let kept = Set(servers.kept)
        updated = new.servers.filter { kept.contains($0.name) && $0 != before[$0.name] }.map(\.name)
        updatedKeys = Self.liveKeys.filter { !$0.isSame(old.front, new.front) }.map(\.name)
        needingRestart = Self.fixedKeys.filter { !$0.isSame(started.front, new.front) }.map(\.name)
    }

    /// Whether nothing changes while the gateway runs.
    var isEmpty: Bool {
        servers.added.isEmpty && servers.replaced.isEmpty && servers.removed.isEmpty && updated.isEmpty
            && updatedKeys.isEmpty
    }

    private typealias Key = (name: String, isSame: @Sendable (FrontConfiguration, FrontConfiguration) -> Bool)

    private static let liveKeys: [Key] = [
        ("aggregate", { $0.aggregate == $1.aggregate }),
        ("groups", { $0.groups == $1.groups }),
    ]

    /// What is read only once.
    private static let fixedKeys: [Key] = [
        ("addr", { $0.addresses == $1.addresses }),
        ("baseURL", { $0.baseURL == $1.baseURL }),
        ("name", { $0.name == $1.name }),
        ("version", { $0.version == $1.version }),
        ("options.cors", { $0.corsOrigins == $1.corsOrigins }),
        ("allowedHosts", { $0.allowedHosts == $1.allowedHosts }),
        ("allowedNetworks", { $0.allowedNetworks == $1.allowedNetworks }),
        ("admin", { $0.adminTokens == $1.adminTokens && $0.page == $1.page }),
        ("limits", { $0.limits == $1.limits }),
        ("openapi", { $0.openAPI == $1.openAPI }),
    ]
}

extension ReloadPlan {
    /// One line for each thing that changes: `restart postgres`.
    var lines: [String] {
        servers.removed.map { "stop \($0)" } + servers.replaced.map { "restart \($0)" }
            + servers.added.map { "start \($0)" } + updated.map { "update \($0)" }
            + updatedKeys.map { "update mcpProxy.\($0)" }
            + needingRestart.map { "mcpProxy.\($0) takes effect only when the gateway is restarted" }
    }

    /// All of it in one line.
    var summary: String {
        lines.isEmpty ? "nothing changed" : lines.joined(separator: ", ")
    }
}

extension Configuration {
    /// What the supervisor must know of the servers.
    var specifications: [ServerSpecification] {
        servers.map { ServerSpecification($0, limits: front.limits) }
    }
}
