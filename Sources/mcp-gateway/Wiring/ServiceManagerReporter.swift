internal import Dispatch
internal import GatewayCore
internal import GatewayLog
internal import Logging
internal import Synchronization
internal import Systemd

/// Tells the service manager, and the log, how the gateway stands. The manager is told from a queue of its own, since
/// its socket may be full for a moment and the event loop must not wait for it.
final class ServiceManagerReporter: ReadinessReporter {
    private let notifier: ServiceNotifier
    private let logger: Logger
    private let queue = DispatchQueue(label: "notify")
    private let said = Mutex(Said())

    private struct Said {
        /// How the gateway stands, to be said again after what has been said of a reload.
        var line = ""
        /// Whether READY=1 has been said: a reload before that must not say it.
        var isReady = false
        /// That the file of the configuration is not what the gateway runs with, if the last reload was refused.
        var refusal: String?

        var status: String { refusal.map { "\(line); \($0)" } ?? line }
    }

    init(logger: Logger) {
        notifier = ServiceNotifier(logger: logger)
        self.logger = logger
    }

    func ready() {
        said.withLock { $0.isReady = true }
        queue.async { [notifier] in notifier.ready() }
        logger.log(.gatewayReady)
    }

    func status(_ line: String) {
        let status = said.withLock {
            $0.line = line
            return $0.status
        }
        queue.async { [notifier] in notifier.status(status) }
        logger.log(.gatewayStatus, [.summary: "\(line)"])
    }

    /// The configuration is being read again.
    func reloading() {
        let isReady = said.withLock(\.isReady)
        let status = "reading the configuration again"
        queue.async { [notifier] in isReady ? notifier.reloading(status: status) : notifier.status(status) }
    }

    /// The configuration has been read again, whatever came of it. What was wrong with it is told until one is accepted.
    func reloaded(refusal: String?) {
        let said = said.withLock {
            $0.refusal = refusal
            return $0
        }
        queue.async { [notifier] in said.isReady ? notifier.ready(status: said.status) : notifier.status(said.status) }
    }

    func stopping() {
        queue.async { [notifier] in notifier.stopping() }
        logger.log(.gatewayStopping)
    }

    /// The gateway works. Returns when the manager has been told.
    func feedWatchdog() async {
        await tell { $0.feedWatchdog() }
    }

    /// The gateway needs this much time from now on for its start or its stop. Returns when the manager has been told.
    func extendTimeout(by time: Duration) async {
        await tell { $0.extendTimeout(by: time) }
    }

    private func tell(_ what: @escaping @Sendable (ServiceNotifier) -> Void) async {
        await withCheckedContinuation { told in
            queue.async { [notifier] in
                what(notifier)
                told.resume()
            }
        }
    }

    /// Returns when everything that was to be told is told.
    func flush() {
        queue.sync {}
    }
}
