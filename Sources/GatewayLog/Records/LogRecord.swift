public import Glibc
public import Logging

/// One entry of the log, not yet written in any format.
public struct LogRecord: Sendable {
    /// When it was logged, on the clock of the calendar.
    public let time: timespec
    /// How bad it is.
    public let level: Logger.Level
    /// What happened, if that is one of the known kinds.
    public let event: GatewayEvent?
    /// What happened, for people. May hold what a server has written.
    public let message: String
    /// Everything else.
    private let metadata: Logger.Metadata

    /// - Parameters:
    ///   - time: now, if nil.
    ///   - metadata: in which the event stands, too, if there is one.
    public init(time: timespec? = nil, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        self.time = time ?? .now
        self.level = level
        self.message = message
        var metadata = metadata
        if case .stringConvertible(let value) = metadata[GatewayEvent.metadataKey], let event = value as? GatewayEvent {
            self.event = event
            metadata[GatewayEvent.metadataKey] = nil
        } else {
            event = nil
        }
        self.metadata = metadata
    }

    /// An entry of the log's own.
    init(_ event: GatewayEvent, _ fields: [LogField: Logger.MetadataValue]) {
        let definition = event.definition
        self.init(level: definition.level, message: definition.message, metadata: event.metadata(fields))
    }

    /// Everything besides the text, in the order in which it is shown: what is known first, as `LogField` has it.
    public var fields: [Field] {
        metadata.map { Field(key: $0.key, value: $0.value.description) }.sorted { $0.rank < $1.rank }
    }

    /// One field.
    public struct Field: Sendable {
        /// The key of the metadata.
        public let key: String
        /// The value, as it was given.
        public let value: String
        /// The field that has this key, if there is one.
        public let field: LogField?

        init(key: String, value: String) {
            self.key = key
            self.value = value
            field = LogField(rawValue: key)
        }

        fileprivate var rank: (Int, String) {
            (field.flatMap(LogField.allCases.firstIndex) ?? .max, key)
        }
    }
}

extension timespec {
    fileprivate static var now: timespec {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now
    }
}
