internal import ArgumentParser
internal import Downstream
internal import GatewayConfiguration
internal import GatewayCore
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
    private let log: LogWriter
    private let logger = Logger(label: Product.name)

    init(_ configuration: Configuration, log: LogWriter) {
        self.configuration = configuration
        self.log = log
    }

    /// Runs until SIGTERM or SIGINT, and returns when every server is gone.
    ///
    /// - Throws: `ExitCode.failure` when the gateway cannot listen, after saying why.
    func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let notifier = ServiceNotifier(logger: logger)
        let front = configuration.front
        warnAboutOpenDoors()

        let controlPlane = ControlPlane()
        let supervisor = Supervisor(
            configuration.servers.map { ServerSpecification($0, limits: front.limits) },
            on: eventLoop,
            connector: ConnectorSwitch(
                stdio: StdioConnector(
                    spawner: try ProcessSpawner(), gatewayName: front.name ?? Product.name,
                    gatewayVersion: front.version ?? Product.version),
                builtin: BuiltinConnector(administration: controlPlane, gatewayVersion: Product.version)),
            store: StateDirectory.path(in: ProcessEnvironment.current).map {
                DescriptionFiles(directory: $0, logger: logger)
            },
            logger: logger)
        controlPlane.govern(supervisor)
        let gateway = Gateway(
            eventLoop: eventLoop,
            routes: zip(configuration.servers, supervisor.servers).map { Route($0, managed: $1) },
            limits: GatewayLimits(
                sessions: front.limits.sessions, inFlightPerSession: front.limits.inFlightPerSession),
            reporter: ServiceManagerReporter(notifier: notifier, logger: logger))
        await supervisor.observe { _ in gateway.assumeIsolated { $0.serverChanged() } }

        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: Interrupts(supervisor: supervisor, log: log)),
                    .init(service: SupervisorService(supervisor: supervisor)),
                    .init(
                        service: FrontService(
                            host: front.address.host, port: front.address.port, gateway: gateway,
                            settings: FrontSettings(front), stopping: { notifier.stopping() }, logger: logger)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await services.run()
        } catch let error as IOError {
            logger.critical("cannot listen on \(front.address): \(String(cString: strerror(error.errnoCode)))")
            throw ExitCode.failure
        }
        logger.info("stopped")
        try await group.shutdownGracefully()
    }

    private func warnAboutOpenDoors() {
        let open = configuration.servers.filter { $0.options.authTokens.isEmpty && $0.kind != .disabled }.map(\.name)
        guard !configuration.front.address.isLoopback, !open.isEmpty else { return }
        logger.warning(
            "anybody who reaches \(configuration.front.address) can use these servers: set options.authTokens",
            metadata: ["servers": "\(open.joined(separator: ", "))"])
    }
}
