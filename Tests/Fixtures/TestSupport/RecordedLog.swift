public import GatewayLog
public import Logging

/// A log that keeps its entries, for a test to wait for.
public struct RecordedLog: Sendable {
    /// The entries, in order.
    public let entries: AsyncStream<LogRecord>
    private let continuation: AsyncStream<LogRecord>.Continuation
    private let level: Logger.Level

    /// An empty log that keeps entries of this level and above.
    public init(_ level: Logger.Level = .info) {
        (entries, continuation) = AsyncStream.makeStream()
        self.level = level
    }

    /// A logger that logs here.
    public var logger: Logger {
        Logger(label: "recorded") { [level, continuation] _ in Handler(logLevel: level, continuation: continuation) }
    }

    /// Waits for the next entry.
    public func next() async -> LogRecord? {
        await entries.first { _ in true }
    }

    /// Waits for the next entry of this event; others are skipped.
    public func next(_ event: GatewayEvent) async -> LogRecord? {
        await entries.first { $0.event == event }
    }

    private struct Handler: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level
        let continuation: AsyncStream<LogRecord>.Continuation

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
            continuation.yield(LogRecord(level: event.level, message: event.message.description, metadata: fields))
        }
    }
}

extension LogRecord {
    /// The value of one field.
    public subscript(field: LogField) -> String? {
        fields.first { $0.field == field }?.value
    }
}
