internal import GatewayConfiguration
internal import GatewayCore
internal import GatewayLog
internal import Glibc
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Supervision

/// Reads the configuration again whenever it is asked to, and brings the running gateway into line with it: all of it
/// or, if there is any mistake in it, nothing.
struct ReloadService: Service {
    /// How long calls in flight on a server that goes may take.
    static let drainGrace = Duration.seconds(30)

    let requests: ReloadRequests
    let path: String
    /// What the gateway was started with.
    let configuration: Configuration
    let supervisor: Supervisor
    let gateway: Gateway
    let aggregation: Aggregation
    let controlPlane: ControlPlane
    let reporter: ServiceManagerReporter
    let logger: Logger

    func run() async {
        var current = configuration
        for await request in requests.stream.cancelOnGracefulShutdown() {
            if await gateway.stage == .stopping {
                logger.log(.reloadIgnored)
                request.reply(.notRead(reason: ReloadRequests.isStopping))
            } else if request.isDryRun {
                request.reply(read(comparedTo: current).outcome)
            } else {
                reporter.reloading()
                let (outcome, configuration) = read(comparedTo: current)
                if let configuration {
                    current = configuration
                    await apply(configuration)
                }
                let last = LastReload(at: Self.clockTime(), mistakes: outcome.mistakes)
                reporter.reloaded(refusal: last.refusal)
                log(outcome)
                let (controlPlane, report) = (controlPlane, outcome.report)
                supervisor.eventLoop.execute { controlPlane.reloaded(report, last) }
                request.reply(outcome)
            }
        }
    }

    /// The time, as in RFC 3339, in the zone of this machine.
    private static func clockTime() -> String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        let bytes = [CChar](unsafeUninitializedCapacity: 32) { text, count in
            count = text.baseAddress.map { strftime($0, text.count, "%Y-%m-%dT%H:%M:%S%z", &parts) } ?? 0
        }
        // RFC 3339 wants a colon in the offset.
        let text = String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(text.dropLast(2)):\(text.suffix(2))"
    }

    /// What the file says now, if it can be used.
    private func read(comparedTo current: Configuration) -> (outcome: ReloadOutcome, configuration: Configuration?) {
        do throws(ConfigurationFailure) {
            let (configuration, diagnostics) = try Configuration.load(
                path: path, environment: ProcessEnvironment.current)
            // At the start a mistake costs one server. Now it would cost one that runs.
            let mistakes = diagnostics.filter { $0.severity == .error }
            guard mistakes.isEmpty else { return (.refused(mistakes: mistakes.map(\.description)), nil) }
            let plan = ReloadPlan(from: current, to: configuration, started: self.configuration)
            return (.accepted(plan, remarks: diagnostics.map(\.description)), configuration)
        } catch {
            return (.refused(mistakes: error.diagnostics.map(\.description)), nil)
        }
    }

    private func apply(_ configuration: Configuration) async {
        let (supervisor, gateway, aggregation) = (supervisor, gateway, aggregation)
        // In one turn of the loop: no call comes between.
        let done = supervisor.eventLoop.submit {
            let (retired, pools) = supervisor.assumeIsolated { supervisor in
                (supervisor.apply(configuration.specifications), supervisor.pools)
            }
            let routes = zip(configuration.servers, pools).map { Route($0, pool: $1, logger: logger) }
            let plan = Aggregation.Plan(configuration, routes: routes, logger: logger)
            let aggregates = aggregation.assumeIsolated { $0.apply(plan) }
            gateway.assumeIsolated { $0.apply(routes, aggregates: aggregates) }
            supervisor.assumeIsolated { supervisor in
                for pool in retired {
                    supervisor.retire(pool, grace: Self.drainGrace) {
                        gateway.assumeIsolated { $0.closeSessions(of: pool) }
                    }
                }
            }
        }
        try? await done.get()
    }

    private func log(_ outcome: ReloadOutcome) {
        switch outcome {
        case .accepted(let plan, let remarks):
            for remark in remarks { logger.log(.configurationWarning, [.reason: "\(remark)"]) }
            logger.log(.reloadDone, [.changes: "\(plan.summary)"])
        case .refused(let mistakes):
            for mistake in mistakes { logger.log(.configurationError, [.reason: "\(mistake)"]) }
            logger.log(.reloadRefused, [.count: "\(mistakes.count)"])
        case .notRead: break
        }
    }
}
