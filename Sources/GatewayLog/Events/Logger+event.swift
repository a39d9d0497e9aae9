public import Logging

extension Logger {
    /// Logs that `event` has happened.
    ///
    /// - Parameters:
    ///   - level: how bad it is this time, if not as usual.
    ///   - fields: what differs from one occurrence to the next; not looked at unless the level is logged.
    public func log(
        _ event: GatewayEvent, at level: Logger.Level? = nil,
        _ fields: @autoclosure () -> [LogField: MetadataValue] = [:],
        file: String = #fileID, function: String = #function, line: UInt = #line
    ) {
        let definition = event.definition
        let level = level ?? definition.level
        guard logLevel <= level else { return }
        log(
            level: level, "\(definition.message)", metadata: event.metadata(fields()), file: file, function: function,
            line: line)
    }
}

extension GatewayEvent {
    /// Under which the event travels to the log handler.
    static let metadataKey = "event"

    /// The event and its fields as a logger takes them.
    func metadata(_ fields: [LogField: Logger.MetadataValue]) -> Logger.Metadata {
        var metadata: Logger.Metadata = [Self.metadataKey: .stringConvertible(self)]
        for (field, value) in fields {
            assert(definition.fields.contains(field), "\(self) has no \(field) in its definition")
            metadata[field.rawValue] = value
        }
        return metadata
    }
}
