internal import Downstream
internal import GatewayConfiguration
internal import GatewayCore
internal import GatewayLog
internal import GatewayMetrics
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
    private let control: ControlFront.Place
    private let watches: Bool
    private let log: LogQueue
    private let logger = Logger(label: Product.name)

    /// - Parameters:
    ///   - path: the file of the configuration, to be read again for a reload.
    ///   - sockets: those that the service manager passes.
    ///   - control: where the control socket is made.
    ///   - watches: whether the file is read again by itself when it has changed.
    init(
        _ configuration: Configuration, path: String, sockets: [PassedSocket], control: ControlFront.Place,
        watches: Bool, log: LogQueue
    ) {
        self.configuration = configuration
        self.path = path
        self.control = control
        self.watches = watches
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
        let remote = LazyRemoteConnector(configuration)
        let reloads = ReloadRequests()
        let meters = Meters()
        let controlPlane = ControlPlane(configuration: path, reloads: reloads, meters: meters, logger: logger)
        let state = StateDirectory.path(in: ProcessEnvironment.current)
        let supervisor = try Supervisor.wired(
            configuration, on: group.next(), remote: remote, administration: controlPlane,
            store: state.map { DescriptionFiles(directory: $0, logger: logger) }, eras: state.map(EraFiles.init),
            meters: meters, logger: logger)
        let aggregation = Aggregation(configuration, on: supervisor.eventLoop, logger: logger)
        let gateway = await makeGateway(over: supervisor, aggregation, meters: meters, reporter: reporter)
        try await group.next().submit { controlPlane.govern(supervisor, gateway) }.get()
        // Before any server is started: a second gateway by mistake ends here at once.
        let front = try await listenPlan.start(
            gateway, settings: FrontSettings(configuration.front, controlPlane), logger: logger)
        let openAPI = try await startOpenAPI(gateway, controlPlane)
        warnAboutOpenDoors(at: front.localAddresses + (openAPI?.localAddresses ?? []))
        let controlFront = try await ControlFront.open(at: control, controlPlane, gateway: gateway, logger: logger)
        let reload = ReloadService(
            requests: reloads, path: path, configuration: configuration, supervisor: supervisor, gateway: gateway,
            aggregation: aggregation, controlPlane: controlPlane, reporter: reporter, logger: logger)
        try await makeServices(
            supervisor, gateway, Fronts(own: front, openAPI: openAPI), controlFront, reload, reporter
        ).run()
        remote.shutdown()
        reporter.flush()
        logger.log(.gatewayStopped)
        try await group.shutdownGracefully()
    }

    private func makeGateway(
        over supervisor: Supervisor, _ aggregation: Aggregation, meters: Meters, reporter: ServiceManagerReporter
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
            meters: { meters.towardsClients(of: $0) },
            reporter: reporter)
    }

    /// They are shut down in the reverse order: first the clients, then the servers; then nobody is told any more that
    /// nothing is read again now, can ask about them or waits for a second interrupt, and at last the service manager
    /// hears no more.
    private func makeServices(
        _ supervisor: Supervisor, _ gateway: Gateway, _ fronts: Fronts, _ control: ControlFront?,
        _ reload: ReloadService, _ reporter: ServiceManagerReporter
    ) -> ServiceGroup {
        let url = fronts.own.localAddresses.first { $0.ipAddress != nil }?.url
        let openAPI = fronts.openAPI?.localAddresses.map { ($0.url, String?("for OpenAPI clients")) } ?? []
        let service = FrontService(
            fronts: fronts, gateway: gateway, listens: listenPlan.listens(of: fronts.own) + openAPI,
            hint: ClientHint(configuration, listening: url)?.description,
            logger: logger)
        let services: [(any Service)?] = [
            ManagerPulse(supervisor, gateway, reporter, logger: logger),
            Interrupts(supervisor: supervisor, log: log), control,
            reload, HangupService(requests: reload.requests), SupervisorService(supervisor: supervisor),
            watches ? WatchService(requests: reload.requests, path: path, logger: logger) : nil, service,
        ]
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.compactMap(\.self).map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
    }

    /// - Throws: `StartFailure` if it cannot be listened where the configuration says.
    private func startOpenAPI(_ gateway: Gateway, _ control: ControlPlane) async throws -> HTTPFront? {
        let plan = ListenPlan(openAPI: configuration.front)
        guard !plan.isEmpty else { return nil }
        return try await plan.start(
            gateway, settings: FrontSettings(openAPI: configuration.front, control), logger: logger)
    }

    private func warnAboutOpenDoors(at addresses: [SocketAddress]) {
        let open = configuration.servers.filter { $0.options.authTokens.isEmpty && $0.kind != .disabled }.map(\.name)
        guard let address = addresses.first(where: { !$0.isLocal }), !open.isEmpty else { return }
        logger.log(.openDoors, [.address: "\(address.url)", .servers: "\(open.joined(separator: ", "))"])
    }
}
