internal import GatewayCore
internal import GatewayLog
internal import GatewayMetrics
internal import Glibc
internal import Logging
internal import NIOCore
internal import Supervision
internal import Synchronization

/// What an operator asks and orders, carried out by those whose business it is. Used on the event loop.
final class ControlPlane: GatewayControl {
    /// Those who carry it out.
    private struct Staff {
        let supervisor: Supervisor
        let gateway: Gateway
        let census: NIOLoopBound<ToolCensus>
        let observers: NIOLoopBound<Observers>
    }

    private let configuration: String
    private let reloads: ReloadRequests
    let meters: Meters
    private let began = NIODeadline.now()
    private let logger: Logger
    /// The supervisor is made after the built-in server's connector, which needs this.
    private let staff = Mutex<Staff?>(nil)
    private let lastReload = Mutex<LastReload?>(nil)
    /// When the configuration that is in force was read, in Unix time.
    private let configuredAt = Mutex(ControlPlane.unixTime())

    /// - Parameters:
    ///   - configuration: the file of the configuration.
    ///   - reloads: where reloads are asked for.
    ///   - meters: those that measure.
    init(configuration: String, reloads: ReloadRequests, meters: Meters, logger: Logger) {
        self.configuration = configuration
        self.reloads = reloads
        self.meters = meters
        self.logger = logger
    }

    /// From here on these are asked; before, there are no servers. Called on the event loop.
    func govern(_ supervisor: Supervisor, _ gateway: Gateway) {
        let eventLoop = gateway.eventLoop
        let census = NIOLoopBound(ToolCensus(eventLoop: eventLoop), eventLoop: eventLoop)
        let observers = NIOLoopBound(Observers(), eventLoop: eventLoop)
        let lives = NIOLoopBound(meters.makeLifeMeter(), eventLoop: eventLoop)
        staff.withLock {
            $0 = Staff(supervisor: supervisor, gateway: gateway, census: census, observers: observers)
        }
        supervisor.assumeIsolated { supervisor in
            supervisor.observe { snapshot in
                gateway.assumeIsolated { $0.serverChanged() }
                lives.value.observe(snapshot, now: .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)))
                observers.value.tell(.server(snapshot.name))
            }
            supervisor.observeStandardError { observers.value.tell(.standardError(server: $0, line: $1)) }
        }
    }

    /// The configuration was read again. Called on the event loop.
    func reloaded(_ report: ReloadReport, _ last: LastReload) {
        lastReload.withLock { $0 = last }
        if last.accepted { configuredAt.withLock { $0 = Self.unixTime() } }
        current?.observers.value.tell(.reload(report))
    }

    // MARK: What is asked

    func facts() -> GatewayFacts {
        let (stage, status) =
            current?.gateway.assumeIsolated { ($0.stage, $0.status()) }
            ?? (.starting, GatewayStatus(servers: [], sessions: 0))
        return GatewayFacts(
            version: Product.version, processID: getpid(), uptime: Duration(NIODeadline.now() - began), stage: stage,
            status: status, configuration: configuration, lastReload: lastReload.withLock(\.self))
    }

    func servers() -> [ServerSnapshot] {
        managed.map { pool in pool.assumeIsolated { $0.snapshot() } }
    }

    func standings() -> [ServerStanding] {
        guard let current else { return [] }
        let sessions = current.gateway.assumeIsolated { $0.sessionCounts() }
        return managed.map { pool in
            let snapshot = pool.assumeIsolated { $0.snapshot() }
            return ServerStanding(
                snapshot, launch: pool.specification.launch, tools: current.census.value.count(of: snapshot),
                sessions: sessions[pool.name] ?? 0, p95: meters.p95(of: pool.name))
        }
    }

    func metrics() -> ByteBuffer {
        guard let current else { return ByteBuffer() }
        var samples = standings().flatMap { ServerSamples.of($0.snapshot, sessions: $0.sessions) }
        samples.append(Sample(.buildInfo, 1, [("version", Product.version)]))
        samples.append(Sample(.reloadSuccessful, lastReload.withLock { $0?.accepted ?? true } ? 1 : 0))
        samples.append(Sample(.reloadTime, configuredAt.withLock(\.self)))
        samples += ProcessSamples.now()
        let routes = current.gateway.assumeIsolated { $0.everyRouteName }
        let names = Set(servers().map(\.name) + routes.map { Meters.label(of: $0) })
        return ByteBuffer(string: meters.text(with: samples, of: names))
    }

    private static func unixTime() -> Double {
        Double(time(nil))
    }

    func specification(of server: String) -> ByteBuffer? {
        find(server).map { $0.specification.json }
    }

    func pastLives(of server: String) -> [PastLife]? {
        find(server)?.base.assumeIsolated { $0.pastLives() }
    }

    func standardErrorLines(of server: String) -> [String]? {
        find(server)?.base.assumeIsolated { $0.standardErrorLines() }
    }

    func countTools(_ done: @escaping @Sendable () -> Void) {
        guard let current else { return done() }
        current.census.value.take(of: servers(), through: current.gateway, done)
    }

    func observe(_ onNews: @escaping @Sendable (GatewayNews) -> Void) -> ObserverID {
        guard let current else { return Observers().add(onNews) }
        return current.observers.value.add(onNews)
    }

    func forget(_ observer: ObserverID) {
        current?.observers.value.remove(observer)
    }

    // MARK: What is ordered

    func start(_ server: String) -> Bool {
        carryOut("start", on: server) { $0.start() }
    }

    func stop(_ server: String) -> Bool {
        carryOut("stop", on: server) { $0.stop() }
    }

    func restart(_ server: String) -> Bool {
        carryOut("restart", on: server) { $0.restart() }
    }

    func reload(isDryRun: Bool, reply: @escaping @Sendable (ReloadReport) -> Void) {
        reloads.ask(isDryRun: isDryRun) { reply($0.report) }
    }

    private func carryOut(_ order: String, on name: String, _ action: @Sendable (isolated InstancePool) -> Void)
        -> Bool
    {
        guard let pool = find(name) else { return false }
        logger.log(.operatorOrder, [.server: "\(name)", .command: "\(order)"])
        pool.assumeIsolated(action)
        return true
    }

    private var current: Staff? { staff.withLock(\.self) }

    private var managed: [InstancePool] {
        current?.supervisor.assumeIsolated { $0.pools } ?? []
    }

    private func find(_ name: String) -> InstancePool? {
        managed.first { $0.name == name }
    }
}

extension ReloadOutcome {
    /// The same for the operator.
    var report: ReloadReport {
        switch self {
        case .accepted(let plan, let remarks):
            .accepted(
                ReloadReport.Changes(
                    stopped: plan.servers.removed, restarted: plan.servers.replaced, started: plan.servers.added,
                    updated: plan.updated, updatedKeys: plan.updatedKeys.map { "mcpProxy.\($0)" },
                    needingRestart: plan.needingRestart.map { "mcpProxy.\($0)" }),
                remarks: remarks)
        case .refused(let mistakes): .refused(mistakes: mistakes)
        case .notRead(let reason): .notRead(reason: reason)
        }
    }
}
