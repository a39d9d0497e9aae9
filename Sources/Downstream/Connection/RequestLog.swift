internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// One line per request: what was asked of which server, and how it was answered. Never a path, a query, a header or a
/// body: each of them may hold a token.
struct RequestLog {
    let logger: Logger
    let start: NIODeadline
    let method: HTTPMethod
    /// The endpoint or page.
    var label = "unknown"
    var server: String?
    /// Routes whose `logEnabled` is set are logged for everybody to see.
    var isWanted = false

    func write(_ status: HTTPResponseStatus, isStream: Bool = false) {
        let level: Logger.Level = isWanted ? .info : .debug
        guard logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "method": "\(method.rawValue)", "endpoint": "\(label)", "status": "\(status.code)",
            "microseconds": "\((NIODeadline.now() - start).nanoseconds / 1000)",
        ]
        if let server { metadata["server"] = "\(server)" }
        if isStream { metadata["stream"] = "true" }
        logger.log(level: level, "request", metadata: metadata)
    }
}
