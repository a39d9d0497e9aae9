public import GatewayLog
internal import JSONRPC
public import Logging
internal import NIOCore
internal import Supervision
internal import Synchronization

/// One entry for each request of one server's clients: what was asked, how it ended, how long it took. Never what was
/// in it, apart from the name of a tool. From any thread.
public final class AccessLog: Sendable {
    /// How many requests are logged in a second. Of the others their number is.
    static let entriesPerSecond = 1000

    private let logger: Logger
    private let allowance = Mutex(LineAllowance(perSecond: entriesPerSecond))

    /// The log of the requests to this server.
    public init(server: String, logger: Logger) {
        var logger = logger
        logger[metadataKey: LogField.server.rawValue] = "\(server)"
        self.logger = logger
    }

    /// Logs the request once `sink` has been given its answer through what is returned.
    ///
    /// - Parameter session: tells the session from others, and cannot be used in its place.
    func following(_ request: Message, session: String, into sink: any CallerSink) -> any CallerSink {
        guard logger.logLevel <= GatewayEvent.requestAnswered.definition.level else { return sink }
        return AccessLogSink(request, session: session, log: self, next: sink)
    }

    /// Logs what became of a request.
    ///
    /// - Parameter fields: not looked at when too many were logged in this second already.
    public func add(_ event: GatewayEvent, _ fields: @autoclosure () -> [LogField: Logger.MetadataValue]) {
        add(event, at: .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)), fields())
    }

    func add(_ event: GatewayEvent, at now: Duration, _ fields: @autoclosure () -> [LogField: Logger.MetadataValue]) {
        let verdict = allowance.withLock { $0.admit(at: now) }
        if verdict.leftOut > 0 { logger.log(.logFlood, [.count: "\(verdict.leftOut)"]) }
        if verdict.isAdmitted { logger.log(event, fields()) }
    }
}
