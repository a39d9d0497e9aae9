public import Logging

/// The log handler of the whole process: makes a record of each entry and leaves the rest to the queue's thread.
public struct QueuedLogHandler: LogHandler {
    /// What every entry says besides its own.
    public var metadata: Logger.Metadata = [:]
    /// The least severe level that is logged.
    public var logLevel: Logger.Level
    private let queue: LogQueue

    /// A handler that writes to `queue`.
    public init(_ queue: LogQueue, level: Logger.Level) {
        self.queue = queue
        logLevel = level
    }

    /// One item of `metadata`.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Logs an entry.
    public func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { _, new in new } }
        if let error = event.error { fields[LogField.reason.rawValue] = "\(error)" }
        queue.add(LogRecord(level: event.level, message: event.message.description, metadata: fields))
    }
}
