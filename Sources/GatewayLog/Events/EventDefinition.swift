public import Logging

/// What is the same in every occurrence of a `GatewayEvent`.
public struct EventDefinition: Sendable, Equatable {
    /// `MESSAGE_ID`: 32 hexadecimal digits in lower case, made once by `systemd-id128 new`, and never changed.
    public let id: String
    /// How bad it usually is.
    public let level: Logger.Level
    /// What happened, for people. Never changed to fit an occurrence.
    public let message: String
    /// What an occurrence may say besides; `MCP_SERVER` may come from the logger.
    public let fields: [LogField]

    init(_ id: String, _ level: Logger.Level, _ message: String, _ fields: LogField...) {
        self.id = id
        self.level = level
        self.message = message
        self.fields = fields
    }
}
