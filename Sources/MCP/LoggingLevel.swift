/// How severe a log message of a server's is (RFC 5424, MCP "Logging"), from the most verbose up.
public enum LoggingLevel: String, Sendable, CaseIterable, Comparable {
    case debug
    case info
    case notice
    case warning
    case error
    case critical
    case alert
    case emergency

    /// Less severe ones come first.
    public static func < (one: LoggingLevel, other: LoggingLevel) -> Bool { one.severity < other.severity }

    private var severity: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .notice: 2
        case .warning: 3
        case .error: 4
        case .critical: 5
        case .alert: 6
        case .emergency: 7
        }
    }
}
