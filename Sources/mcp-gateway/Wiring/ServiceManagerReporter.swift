internal import GatewayCore
internal import Logging
internal import Systemd

/// Tells the service manager, and the log, how the gateway stands.
struct ServiceManagerReporter: ReadinessReporter {
    let notifier: ServiceNotifier
    let logger: Logger

    func ready() {
        notifier.ready()
        logger.info("gateway ready")
    }

    func status(_ line: String) {
        notifier.status(line)
        logger.info("gateway status", metadata: ["status": "\(line)"])
    }
}
