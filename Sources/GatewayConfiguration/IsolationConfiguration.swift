/// Who shares one instance of a server: the keys `isolation`, `interactive` and `instances`.
public struct IsolationConfiguration: Sendable, Equatable {
    /// The values of `isolation`.
    public enum Mode: String, Sendable, CaseIterable {
        /// All clients.
        case shared
        /// The clients with the same token.
        case principal
        /// None: each session has an instance of its own.
        case session
    }

    /// `isolation`.
    public var mode: Mode
    /// `interactive`: whether the server is known to ask its clients.
    public var isInteractive: Bool
    /// `instances.max`: how many instances there may be beside the one that is always there.
    public var max: Int
    /// `instances.idle`: how long one is kept that nobody uses.
    public var idle: Duration

    /// Describes who shares; the defaults are those of the file.
    public init(mode: Mode = .shared, isInteractive: Bool = false, max: Int = 16, idle: Duration = .seconds(1800)) {
        self.mode = mode
        self.isInteractive = isInteractive
        self.max = max
        self.idle = idle
    }
}
