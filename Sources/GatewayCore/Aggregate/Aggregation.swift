public import Logging
public import NIOCore
internal import Supervision

/// The endpoints for several servers, kept in line with the configuration. Lives on the event loop.
public actor Aggregation {
    /// What the configuration says of such endpoints.
    public struct Plan: Sendable {
        /// Each server as it is reached alone, and how it appears among others, in the order of the configuration.
        public var members: [(route: Route, exposure: Exposure)]
        /// The names of some servers, by the path at which they are reached together.
        public var groups: [(path: String, servers: [String])]
        /// What holds for all of them.
        public var rules: AggregateRules
        /// Where their requests are logged; nowhere if `nil`.
        public var accessLog: AccessLog?

        /// Describes endpoints.
        public init(
            members: [(route: Route, exposure: Exposure)], groups: [(path: String, servers: [String])],
            rules: AggregateRules = AggregateRules(), accessLog: AccessLog? = nil
        ) {
            self.members = members
            self.groups = groups
            self.rules = rules
            self.accessLog = accessLog
        }
    }

    private nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    private let identity: (name: String, version: String)
    private let patience: Duration
    private let retryInterval: Duration
    private let logger: Logger
    private var catalogues: [String: Catalogue] = [:]
    private var aggregates: [String: Aggregate] = [:]

    /// Runs on the event loop, beside the servers.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Endpoints that present themselves under this name and version.
    ///
    /// - Parameters:
    ///   - patience: how long `initialize` and lists wait for a server that does not answer.
    ///   - retryInterval: after how long a server that could not be asked for its lists is asked again.
    public init(
        on eventLoop: any EventLoop, identity: (name: String, version: String), patience: Duration = .seconds(5),
        retryInterval: Duration = .seconds(30),
        logger: Logger
    ) {
        self.patience = patience
        self.retryInterval = retryInterval
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        self.identity = identity
        self.logger = logger
    }

    /// Brings the endpoints into line with the configuration. Sessions on those that remain go on.
    ///
    /// - Returns: a route for each of them.
    public func apply(_ plan: Plan) -> [Route] {
        let members = plan.members.map { route, exposure in
            AggregateMember(route: route, exposure: exposure, catalogue: catalogue(of: route))
        }
        let byName = Dictionary(members.map { ($0.server, $0) }) { first, _ in first }
        for (server, catalogue) in catalogues where byName[server] == nil {
            catalogue.assumeIsolated { $0.end() }
            catalogues[server] = nil
        }
        let routes = plan.groups.map { path, servers in
            route(path, servers.compactMap { byName[$0] }, plan)
        }
        let paths = Set(plan.groups.map(\.path))
        for (path, aggregate) in aggregates where !paths.contains(path) {
            aggregate.assumeIsolated { $0.end() }
            aggregates[path] = nil
        }
        return routes
    }

    private func catalogue(of route: Route) -> Catalogue {
        if let catalogue = catalogues[route.name] {
            catalogue.assumeIsolated { $0.follow(route.callee) }
            return catalogue
        }
        let catalogue = Catalogue(
            of: route.callee, server: route.name, on: eventLoop, patience: patience,
            retryInterval: retryInterval, logger: logger)
        catalogues[route.name] = catalogue
        return catalogue
    }

    private func route(_ path: String, _ members: [AggregateMember], _ plan: Plan) -> Route {
        let aggregate: Aggregate
        if let present = aggregates[path] {
            aggregate = present
            aggregate.assumeIsolated { $0.update(members, rules: plan.rules) }
        } else {
            aggregate = Aggregate(
                name: path.isEmpty ? "/mcp" : "/\(path)/mcp", members: members, rules: plan.rules, identity: identity,
                on: eventLoop, logger: logger)
            aggregate.assumeIsolated { $0.begin() }
            aggregates[path] = aggregate
        }
        return Route(
            name: path, callee: aggregate, access: AccessRules(ofAny: members.map(\.route.access)),
            forwardedHeaders: Self.union(members.map(\.route.forwardedHeaders)), accessLog: plan.accessLog)
    }

    private static func union(_ lists: [[String]]) -> [String] {
        var seen: Set<String> = []
        return lists.joined().filter { seen.insert($0.lowercased()).inserted }
    }
}
