/// Where entries go. Used from the thread of a `LogQueue`, so that it may block.
public protocol LogSink: Sendable {
    /// Writes one entry.
    func write(_ record: LogRecord)
}
