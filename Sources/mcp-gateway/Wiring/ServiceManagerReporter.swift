internal import Dispatch
internal import GatewayCore
internal import GatewayLog
internal import Logging
internal import Systemd

/// Tells the service manager, and the log, how the gateway stands. The manager is told from a queue of its own, since
/// its socket may be full for a moment and the event loop must not wait for it.
struct ServiceManagerReporter: ReadinessReporter {
    private let notifier: ServiceNotifier
    private let logger: Logger
    private let queue = DispatchQueue(label: "notify")

    init(logger: Logger) {
        notifier = ServiceNotifier(logger: logger)
        self.logger = logger
    }

    func ready() {
        queue.async { [notifier] in notifier.ready() }
        logger.log(.gatewayReady)
    }

    func status(_ line: String) {
        queue.async { [notifier] in notifier.status(line) }
        logger.log(.gatewayStatus, [.summary: "\(line)"])
    }

    /// The configuration is being read again.
    func reloading() {
        queue.async { [notifier] in notifier.status("reading the configuration again") }
    }

    /// The configuration has been read again, whatever came of it.
    func reloaded() {
        queue.async { [notifier] in notifier.ready() }
    }

    /// The gateway has begun to stop.
    func stopping() {
        queue.async { [notifier] in notifier.stopping() }
        logger.log(.gatewayStopping)
    }

    /// Returns when everything that was to be told is told.
    func flush() {
        queue.sync {}
    }
}
