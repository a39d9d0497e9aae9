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

    /// What a sentence says of the server whose name, or "it", stands before: `exited with status 1; last stderr line:
    /// "…"`.
    public var description: String {
        clause("")
    }

    /// The same, with words such as "before it answered" where they belong.
    func clause(_ adverbial: String) -> String {
        let (verb, reason): (String, String?) =
            switch cause {
            case .exited(let status): ("exited with status \(status)", nil)
            case .signalled(let signal): ("was killed by signal \(signal)", nil)
            case .notStarted(let reason): ("could not be started", reason)
            case .unreachable(let reason): ("could not be reached", reason)
            case .unauthorized(let reason): ("did not let the gateway in", reason)
            case .connectionLost(let reason): ("broke the connection", reason)
            case .handshakeFailed(let reason): ("did not complete the MCP handshake", reason)
            }
        var clause = adverbial.isEmpty ? verb : "\(verb) \(adverbial)"
        if let reason { clause += ": \(reason)" }
        guard let lastStandardErrorLine else { return clause }
        return "\(clause); last stderr line: \"\(lastStandardErrorLine)\""
    }
}
