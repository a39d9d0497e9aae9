internal import CSystemd
internal import GatewayLog
internal import Glibc
public import Logging

/// Tells the service manager how the service is, sd_notify(3).
///
/// Without a manager that listens (no `NOTIFY_SOCKET`) all of it is silent. A message that cannot be delivered is
/// logged and otherwise without consequence: a service must not fail because its manager does not hear it. A call
/// may wait for the manager to take the message (unix(7), datagrams), so do not call it on an event loop.
public struct ServiceNotifier: Sendable {
    private let logger: Logger
    /// Sends lines of the protocol; negative: an errno value, 0: nobody listens, as sd_notify.
    private let send: @Sendable (String) -> Int32
    /// CLOCK_MONOTONIC in microseconds.
    private let monotonicTime: @Sendable () -> UInt64

    /// Speaks to the manager of this process.
    public init(logger: Logger) {
        self.init(logger: logger, send: { sd_notify(0, $0) })
    }

    /// Speaks through a function that behaves as sd_notify does.
    init(
        logger: Logger, send: @escaping @Sendable (String) -> Int32,
        monotonicTime: @escaping @Sendable () -> UInt64 = systemMonotonicTime
    ) {
        self.logger = logger
        self.send = send
        self.monotonicTime = monotonicTime
    }

    /// The service can be used now. Units that wait for it are started. Also said when a reload is over.
    ///
    /// - Parameter status: the state in one line, told in the same message.
    public func ready(status: String? = nil) {
        notify(["READY=1"], status: status)
    }

    /// The service reads its configuration anew, and will say `ready` when that is over, whether it succeeds or not.
    /// The time is in the same message, as units of `Type=notify-reload` need it.
    ///
    /// - Parameter status: the state in one line, told in the same message.
    public func reloading(status: String? = nil) {
        notify(["RELOADING=1", "MONOTONIC_USEC=\(monotonicTime())"], status: status)
    }

    /// The service is on its way down.
    ///
    /// - Parameter status: the state in one line, told in the same message.
    public func stopping(status: String? = nil) {
        notify(["STOPPING=1"], status: status)
    }

    /// The state in one line, as `systemctl status` shows it. What would break the line is replaced, and what is
    /// longer than `StatusLine.limit` is cut.
    public func status(_ status: String) {
        notify([], status: status)
    }

    /// The service is about to end because it cannot run.
    ///
    /// - Parameters:
    ///   - errorNumber: an `errno` value, if one says why.
    ///   - status: why, in one line.
    public func failed(errorNumber: Int32?, status: String) {
        notify(errorNumber.map { ["ERRNO=\($0)"] } ?? [], status: status)
    }

    /// The service needs more time for its start or its stop, whichever it is in: from now on this long. What the unit
    /// allows anyway is never shortened. To be said again before the time is over.
    public func extendTimeout(by time: Duration) {
        let (seconds, attoseconds) = time.components
        notify(["EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)"])
    }

    /// The service works. To be said at least as often as `WatchdogInterval` tells.
    public func feedWatchdog() {
        notify(["WATCHDOG=1"])
    }

    private func notify(_ assignments: [String], status: String? = nil) {
        let lines = assignments + (status.map { ["STATUS=\(StatusLine($0).text)"] } ?? [])
        let result = send(lines.joined(separator: "\n"))
        guard result < 0 else { return }
        logger.log(
            .managerUnreachable, [.state: "\(assignments.first ?? "STATUS")", .errorNumber: "\(-result)"])
    }
}

private let systemMonotonicTime: @Sendable () -> UInt64 = {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1000
}
