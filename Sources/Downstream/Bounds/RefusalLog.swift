internal import GatewayLog
internal import Logging
internal import NIOCore

/// Logs those who are turned away at a door: a few in a second, and how many more there were, so that whoever knocks
/// without end fills no disk.
struct RefusalLog {
    static let entriesPerSecond = 5

    private let logger: Logger
    private var allowance = LineAllowance(perSecond: entriesPerSecond)

    init(logger: Logger) {
        self.logger = logger
    }

    mutating func add(
        _ event: GatewayEvent, _ fields: @autoclosure () -> [LogField: Logger.MetadataValue], at now: NIODeadline
    ) {
        let verdict = allowance.admit(at: .nanoseconds(Int64(now.uptimeNanoseconds)))
        guard verdict.isAdmitted else { return }
        var fields = fields()
        if verdict.leftOut > 0 { fields[.count] = "\(verdict.leftOut)" }
        logger.log(event, fields)
    }
}
