/// How one life of a server ended.
public struct ExitReport: Sendable, Equatable, CustomStringConvertible {
    /// What ended it.
    public enum Cause: Sendable, Equatable {
        /// The process left with this status.
        case exited(status: Int32)
        /// The process was killed by this signal.
        case signalled(Int32)
        /// It never ran: the reason says why, as a person would want to read it.
        case notStarted(reason: String)
        /// A server elsewhere did not take the connection.
        case unreachable(reason: String)
        /// A server elsewhere asks for credentials, or for others (HTTP 401 and 403).
        case unauthorized(reason: String)
        /// It ran, but the connection could not be opened (handshake refused, malformed or too slow).
        case handshakeFailed(reason: String)
        /// It was ready, but the connection became useless while the process lived on.
        case connectionLost(reason: String)
    }

    /// What ended it.
    public var cause: Cause
    /// The last line it wrote to stderr, if any.
    public var lastStandardErrorLine: String?

    /// Describes an end.
    public init(cause: Cause, lastStandardErrorLine: String? = nil) {
        self.cause = cause
        self.lastStandardErrorLine = lastStandardErrorLine
    }

    /// One clause for people: `exited with status 1; last stderr line: "…"`.
    public var description: String {
        let what =
            switch cause {
            case .exited(let status): "exited with status \(status)"
            case .signalled(let signal): "killed by signal \(signal)"
            case .notStarted(let reason): "could not be started: \(reason)"
            case .unreachable(let reason): "could not be reached: \(reason)"
            case .unauthorized(let reason): "did not let the gateway in: \(reason)"
            case .connectionLost(let reason): "broke the connection: \(reason)"
            case .handshakeFailed(let reason): "did not complete the MCP handshake: \(reason)"
            }
        guard let lastStandardErrorLine else { return what }
        return "\(what); last stderr line: \"\(lastStandardErrorLine)\""
    }
}
