internal import GatewayCore
internal import Logging
internal import ServiceLifecycle
internal import Supervision
internal import Systemd

/// Shows the service manager that the gateway works: at each beat the supervisor and the gateway are asked on their
/// event loop, and only when both have answered the manager's watchdog is fed, or more time asked for. A loop that hangs
/// is so found out by the manager, which a timer of its own would hide.
struct ManagerPulse: Service {
    /// The longest time between two beats.
    private static let longestInterval = Duration.seconds(5)

    private let supervisor: Supervisor
    private let gateway: Gateway
    private let reporter: ServiceManagerReporter
    private let feedsWatchdog: Bool
    private let interval: Duration

    /// - Returns: `nil` if no service manager listens.
    init?(_ supervisor: Supervisor, _ gateway: Gateway, _ reporter: ServiceManagerReporter, logger: Logger) {
        guard ProcessEnvironment.current["NOTIFY_SOCKET"] != nil else { return nil }
        let watchdog = WatchdogInterval.current(logger: logger)
        self.supervisor = supervisor
        self.gateway = gateway
        self.reporter = reporter
        feedsWatchdog = watchdog != nil
        // Half of what the manager bears, as sd_watchdog_enabled(3) recommends.
        interval = min(watchdog.map { $0 / 2 } ?? Self.longestInterval, Self.longestInterval)
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            var allowance = StopAllowance()
            while !Task.isCancelled {
                await beat(&allowance)
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func beat(_ allowance: inout StopAllowance) async {
        await supervisor.takeTurn()
        let stage = await gateway.stage
        if feedsWatchdog { await reporter.feedWatchdog() }
        switch stage {
        // Required servers have their `startTimeout`, and those that leave their `stopTimeout`, however long the unit
        // allows for it. Three beats, so that a late one does no harm.
        case .starting: await reporter.extendTimeout(by: interval * 3)
        case .stopping:
            let longest = await longestStop
            guard allowance.allowsMore(at: .now, longest: longest) else { return }
            await reporter.extendTimeout(by: interval * 3)
        case .serving: break
        }
    }

    /// How long it takes at most to stop in order: the last requests, then the slowest server, two steps of whose end
    /// last its `stopTimeout` each, and what is left of a server that a reload took away.
    private var longestStop: Duration {
        get async {
            let slowest = await supervisor.servers.map(\.specification.stopTimeout).max() ?? .zero
            return FrontService.grace + FrontService.lastAnswers + slowest * 2 + ReloadService.drainGrace
        }
    }
}
