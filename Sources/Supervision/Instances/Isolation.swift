/// Who shares an instance of a server, and how many there may be.
public struct Isolation: Sendable, Equatable {
    /// Whether a server's callers share one instance.
    public enum Mode: String, Sendable {
        /// All of them.
        case shared
        /// Those of the same principal.
        case principal
        /// None: each session has one of its own.
        case session
    }

    /// Who shares.
    public var mode: Mode
    /// Whether the server is known to ask its clients: then each session that can be asked gets an instance of its own,
    /// and otherwise once the server has asked on the connection that all share.
    public var isInteractive: Bool
    /// How many instances there may be beside the one that is always there.
    public var limit: Int
    /// How long such an instance is kept that nobody uses.
    public var idle: Duration

    /// Describes who shares; the defaults are those of the configuration file.
    public init(
        mode: Mode = .shared, isInteractive: Bool = false, limit: Int = 16, idle: Duration = .seconds(1800)
    ) {
        self.mode = mode
        self.isInteractive = isInteractive
        self.limit = limit
        self.idle = idle
    }
}
