public import Logging

/// Writes each entry as a line.
public struct LineSink: LogSink {
    /// What a line looks like.
    public enum Format: Sendable {
        /// For people: `time level server: message key=value …`.
        case text
        /// For programs: a JSON object.
        case json
    }

    private let format: Format
    private let hasPrefix: Bool
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - isJournal: whether the journal reads the lines. It is told the level as sd-daemon(3) asks, `<4>…`, and knows
    ///     the time.
    ///   - write: takes a line, newline included.
    public init(_ format: Format, isJournal: Bool, write: @escaping @Sendable (String) -> Void) {
        self.format = format
        hasPrefix = isJournal
        self.write = write
    }

    /// Writes a line.
    public func write(_ record: LogRecord) {
        let prefix = hasPrefix ? "<\(record.level.priority)>" : ""
        switch format {
        case .json: write("\(prefix)\(record.json)\n")
        case .text where hasPrefix: write("\(prefix)\(record.line)\n")
        case .text: write("\(record.time.rfc3339) \(record.level.rawValue) \(record.line)\n")
        }
    }
}

extension Logger.Level {
    /// The priority in the words of syslog(3) and sd-daemon(3).
    public var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
