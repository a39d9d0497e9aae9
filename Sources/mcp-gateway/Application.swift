internal import Downstream
internal import GatewayConfiguration
internal import GatewayCore
internal import GatewayLog
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Spawn
internal import Supervision
internal import Systemd
internal import UnixSignals
internal import Upstreams

/// The whole gateway, put together: the only place that knows every room.
struct Application {
    private let configuration: Configuration
    private let path: String
    private let listenPlan: ListenPlan
    private let log: LogQueue
    private let logger = Logger(label: Product.name)

    /// - Parameters:
    ///   - path: the file of the configuration, to be read again for a reload.
    ///   - sockets: those that the service manager passes.
    init(_ configuration: Configuration, path: String, sockets: [PassedSocket], log: LogQueue) {
        self.configuration = configuration
        self.path = path
        listenPlan = ListenPlan(configuration.front, passed: sockets)
        self.log = log
    }

    /// Runs until SIGTERM or SIGINT, and returns when every server is gone.
    ///
    /// - Throws: `StartFailure` when the gateway cannot listen.
    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let reporter = ServiceManagerReporter(logger: logger)
        let refusal = DescriptorLimit.raise()
        if refusal != 0 {
            logger.log(.descriptorLimit, [.reason: "\(String(cString: strerror(refusal)))"])
        }
        let remote = LazyRemoteConnector(
            gatewayName: configuration.front.name ?? Product.name,
            gatewayVersion: configuration.front.version ?? Product.version)
        let supervisor = try makeSupervisor(on: group.next(), remote: remote)
        let aggregation = Aggregation(
            on: supervisor.eventLoop,
            identity: (
                configuration.front.name ?? Product.name, configuration.front.version ?? Product.version
            ), logger: logger)
        let gateway = await makeGateway(over: supervisor, aggregation, reporter: reporter)
        await supervisor.observe { _ in gateway.assumeIsolated { $0.serverChanged() } }
        // Before any server is started: a second gateway by mistake ends here at once.
        let front = try await listenPlan.start(
            gateway, settings: FrontSettings(configuration.front), logger: logger)
        warnAboutOpenDoors(front)
        try await makeServices(supervisor, gateway, aggregation, front, reporter).run()
        remote.shutdown()
        reporter.flush()
        logger.log(.gatewayStopped)
        try await group.shutdownGracefully()
    }

    private func makeSupervisor(on eventLoop: any EventLoop, remote: LazyRemoteConnector) throws -> Supervisor {
        let front = configuration.front
        let (name, version) = (front.name ?? Product.name, front.version ?? Product.version)
        let controlPlane = ControlPlane()
        let supervisor = Supervisor(
            configuration.specifications,
            on: eventLoop,
            connector: ConnectorSwitch(
                stdio: StdioConnector(
                    spawner: try .guarded(logger: logger), gatewayName: name, gatewayVersion: version),
                remote: remote,
                builtin: BuiltinConnector(administration: controlPlane, gatewayVersion: Product.version)),
            store: StateDirectory.path(in: ProcessEnvironment.current).map {
                DescriptionFiles(directory: $0, logger: logger)
            },
            logger: logger)
        controlPlane.govern(supervisor)
        return supervisor
    }

    private func makeGateway(
        over supervisor: Supervisor, _ aggregation: Aggregation, reporter: ServiceManagerReporter
    ) async -> Gateway {
        let limits = configuration.front.limits
        let routes = zip(configuration.servers, await supervisor.pools).map { Route($0, pool: $1, logger: logger) }
        let aggregates = await aggregation.apply(
            Aggregation.Plan(configuration, routes: routes, logger: logger))
        return Gateway(
            eventLoop: supervisor.eventLoop,
            routes: routes,
            aggregates: aggregates,
            limits: GatewayLimits(
                sessions: limits.sessions, inFlightPerSession: limits.inFlightPerSession,
                sessionIdle: limits.sessionIdle),
            reporter: reporter)
    }

    /// They are shut down in the reverse order: first the clients, then the servers; then nobody waits for a second
    /// interrupt any more, and at last the service manager hears no more.
    private func makeServices(
        _ supervisor: Supervisor, _ gateway: Gateway, _ aggregation: Aggregation, _ front: HTTPFront,
        _ reporter: ServiceManagerReporter
    ) -> ServiceGroup {
        let url = front.localAddresses.first { $0.ipAddress != nil }?.url
        let service = FrontService(
            front: front, gateway: gateway, listens: listenPlan.listens(of: front),
            hint: ClientHint(configuration, listening: url)?.description,
            stopping: { reporter.stopping() }, logger: logger)
        let requests = ReloadRequests()
        let reload = ReloadService(
            requests: requests, path: path, configuration: configuration, supervisor: supervisor, gateway: gateway,
            aggregation: aggregation, reporter: reporter, logger: logger)
        let services: [(any Service)?] = [
            ManagerPulse(supervisor, gateway, reporter, logger: logger),
            Interrupts(supervisor: supervisor, log: log), SupervisorService(supervisor: supervisor),
            reload, HangupService(requests: requests), service,
        ]
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.compactMap(\.self).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
    }

    private func warnAboutOpenDoors(_ front: HTTPFront) {
        let open = configuration.servers.filter { $0.options.authTokens.isEmpty && $0.kind != .disabled }.map(\.name)
        guard let address = front.localAddresses.first(where: { !$0.isLocal }), !open.isEmpty else { return }
        logger.log(.openDoors, [.address: "\(address.url)", .servers: "\(open.joined(separator: ", "))"])
    }
}
