internal import GatewayConfiguration
internal import GatewayCore
internal import Logging
internal import Supervision

extension Route {
    /// A configured server as clients reach it.
    convenience init(_ server: ServerConfiguration, pool: InstancePool, logger: Logger) {
        self.init(
            name: server.name,
            server: pool,
            access: AccessRules(tokens: server.options.authTokens),
            toolFilter: server.options.toolFilter.map(ToolFilter.init),
            guardedTools: server.isBuiltin ? Route.guardedBuiltinTools : [],
            forwardedHeaders: server.forwardedHeaders,
            accessLog: server.options.logEnabled ? AccessLog(server: server.name, logger: logger) : nil)
    }
}

extension ServerConfiguration {
    fileprivate var isBuiltin: Bool {
        if case .builtin = kind { true } else { false }
    }

    fileprivate var forwardedHeaders: [String] {
        if case .remote(let remote) = kind { remote.forwardedHeaders } else { [] }
    }
}

extension ToolFilter {
    fileprivate init(_ filter: ToolFilterConfiguration) {
        switch filter.mode {
        case .allow: self.init(mode: .allow, names: filter.list)
        case .block: self.init(mode: .block, names: filter.list)
        }
    }
}
