internal import GatewayConfiguration
internal import GatewayCore
internal import Logging
internal import NIOCore

extension Aggregation {
    /// Endpoints that are called what the gateway is called.
    init(_ configuration: Configuration, on eventLoop: any EventLoop, logger: Logger) {
        let front = configuration.front
        self.init(
            on: eventLoop, identity: (front.name ?? Product.name, front.version ?? Product.version), logger: logger)
    }
}

extension Aggregation.Plan {
    /// The endpoints for several servers. A server that cannot run before the configuration changes is behind none of
    /// them.
    ///
    /// - Parameter routes: those of the servers, in their order.
    init(_ configuration: Configuration, routes: [Route], logger: Logger) {
        let front = configuration.front
        let usable = zip(configuration.servers, routes).filter { $0.0.isUsable }
        let all = usable.filter { $0.0.exposure.isInAll }.map(\.0.name)
        self.init(
            members: usable.map { server, route in (route, Exposure(server.exposure)) },
            groups: (front.aggregate.isEnabled ? [("", all)] : [])
                + front.groups.map { ("group/\($0.name)", $0.servers) },
            rules: AggregateRules(
                names: NameRules(
                    separator: front.aggregate.separator, maximumLength: front.aggregate.maximumNameLength),
                pageSize: front.aggregate.pageSize),
            accessLog: front.options.logEnabled ? AccessLog(server: "/mcp", logger: logger) : nil)
    }
}

extension ServerConfiguration {
    fileprivate var isUsable: Bool {
        switch kind {
        case .process, .remote, .builtin: true
        case .invalid, .disabled: false
        }
    }
}

extension Exposure {
    fileprivate init(_ exposure: ExposureConfiguration) {
        self.init(
            isInAll: exposure.isInAll, prefix: exposure.prefix,
            tools: exposure.tools.mapValues { tool in
                Tool(name: tool.name, description: tool.description, isHidden: tool.isHidden)
            })
    }
}
