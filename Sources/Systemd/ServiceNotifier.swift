internal import CSystemd
internal import GatewayLog
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

    /// Speaks to the manager of this process.
    public init(logger: Logger) {
        self.init(logger: logger) { sd_notify(0, $0) }
    }

    /// Speaks through a function that behaves as sd_notify does.
    init(logger: Logger, send: @escaping @Sendable (String) -> Int32) {
        self.logger = logger
        self.send = send
    }

    /// The service can be used now. Units that wait for it are started.
    ///
    /// - Parameter status: the state in one line, told in the same message.
    public func ready(status: String? = nil) {
        notify("READY=1", status: status)
    }

    /// The service is on its way down.
    ///
    /// - Parameter status: the state in one line, told in the same message.
    public func stopping(status: String? = nil) {
        notify("STOPPING=1", status: status)
    }

    /// The state in one line, as `systemctl status` shows it. What would break the line is replaced, and what is
    /// longer than `StatusLine.limit` is cut.
    public func status(_ status: String) {
        notify(nil, status: status)
    }

    private func notify(_ state: String?, status: String?) {
        let lines = [state, status.map { "STATUS=\(StatusLine($0).text)" }].compactMap(\.self)
        let result = send(lines.joined(separator: "\n"))
        guard result < 0 else { return }
        logger.log(.managerUnreachable, [.state: "\(state ?? "STATUS")", .errorNumber: "\(-result)"])
    }
}
