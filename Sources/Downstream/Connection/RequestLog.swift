internal import GatewayCore
internal import GatewayLog
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// One entry per HTTP request: what was asked of which server, and how it was answered. Never a path, a query, a header
/// or a body: each of them may hold a token.
///
/// It is for whoever looks for a mistake in HTTP. Where `logEnabled` is set, what was refused here is logged for
/// everybody to see, since no session has seen it; what has come further is in the route's `AccessLog`.
struct RequestLog {
    let start: NIODeadline
    let method: HTTPMethod
    /// The endpoint or page.
    var label = "unknown"
    var route: Route?

    /// - Parameters:
    ///   - logger: for whoever looks for a mistake.
    ///   - isAnswer: whether a session has answered, however the status may be.
    func write(
        _ status: HTTPResponseStatus, to logger: Logger, isAnswer: Bool = false, isStream: Bool = false
    ) {
        if let accessLog = route?.accessLog, status.code >= 400, !isAnswer {
            accessLog.add(.requestRefused, fields(status))
        } else if logger.logLevel <= .debug {
            var fields = fields(status)
            if isStream { fields[.eventStream] = "true" }
            logger.log(.httpAnswered, fields)
        }
    }

    private func fields(_ status: HTTPResponseStatus) -> [LogField: Logger.MetadataValue] {
        var fields: [LogField: Logger.MetadataValue] = [
            .httpMethod: "\(method.rawValue)", .endpoint: "\(label)", .status: "\(status.code)",
            .duration: "\((NIODeadline.now() - start).nanoseconds / 1000)",
        ]
        if let route { fields[.server] = "\(route.name)" }
        return fields
    }
}
