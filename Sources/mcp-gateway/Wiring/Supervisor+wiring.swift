internal import GatewayConfiguration
internal import GatewayCore
internal import GatewayMetrics
internal import Logging
internal import NIOCore
internal import Spawn
internal import Supervision
internal import Upstreams

extension Supervisor {
    /// The supervisor of the servers of a configuration, with everything that reaches them.
    ///
    /// - Throws: `SpawnFailure` if no process can be started at all.
    static func wired(
        _ configuration: Configuration, on eventLoop: any EventLoop, remote: LazyRemoteConnector,
        administration: any Administration, store: (any DescriptionStore)?, eras: (any EraStore)?,
        meters: Meters? = nil, logger: Logger
    ) throws -> Supervisor {
        let front = configuration.front
        var measure: (@Sendable (_ server: String) -> any CallMeter)?
        if let meters { measure = { meters.towards(server: $0) } }
        return Supervisor(
            configuration.specifications,
            on: eventLoop,
            connector: ConnectorSwitch(
                stdio: StdioConnector(
                    spawner: try .guarded(logger: logger), gatewayName: front.name ?? Product.name,
                    gatewayVersion: front.version ?? Product.version, store: eras),
                remote: remote,
                builtin: BuiltinConnector(administration: administration, gatewayVersion: Product.version)),
            store: store,
            meters: measure,
            logger: logger)
    }
}

extension LazyRemoteConnector {
    /// Introduces itself as the configuration says.
    convenience init(_ configuration: Configuration) {
        self.init(
            gatewayName: configuration.front.name ?? Product.name,
            gatewayVersion: configuration.front.version ?? Product.version)
    }
}
