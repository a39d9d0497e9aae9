/// The options of one server, after inheritance from `mcpProxy.options`.
public struct ServerOptions: Sendable, Equatable {
    /// Whether a mistake in this server's block stops the whole gateway. Inherited.
    public var panicIfInvalid: Bool
    /// Whether its requests are logged. Inherited.
    public var logEnabled: Bool
    /// The bearer tokens that let a client in; none means that no token is asked for. Inherited as a whole if the
    /// server has no list of its own; an empty list of its own opens it.
    public var authTokens: [String]
    /// Which tools clients see; `nil` for all. Not inherited.
    public var toolFilter: ToolFilterConfiguration?

    /// Describes options; the defaults are those of an empty file.
    public init(
        panicIfInvalid: Bool = false, logEnabled: Bool = false, authTokens: [String] = [],
        toolFilter: ToolFilterConfiguration? = nil
    ) {
        self.panicIfInvalid = panicIfInvalid
        self.logEnabled = logEnabled
        self.authTokens = authTokens
        self.toolFilter = toolFilter
    }
}

/// Which tools of a server clients can list and call.
public struct ToolFilterConfiguration: Sendable, Equatable {
    /// What the list means.
    public var mode: Mode
    /// Tool names, compared exactly. Never empty: an empty list filters nothing, as in TBXark's proxy.
    public var list: [String]

    /// What the list of a filter means.
    public enum Mode: String, Sendable, CaseIterable {
        /// Only the listed tools exist.
        case allow
        /// All but the listed tools exist.
        case block
    }

    /// Describes a filter.
    public init(mode: Mode, list: [String]) {
        self.mode = mode
        self.list = list
    }
}

/// When and how often a server that died is started again: the key `restart`.
public struct RestartConfiguration: Sendable, Equatable {
    /// The first delay that is not immediate; each further one is twice as long.
    public var initial: Duration
    /// The longest delay between two starts inside the window.
    public var max: Duration
    /// The period over which failures are counted.
    public var window: Duration
    /// How many failures the window allows before starts become rare.
    public var attempts: Int

    /// Describes a policy; the defaults are those of the file.
    public init(
        initial: Duration = .milliseconds(500),
        max: Duration = .seconds(60),
        window: Duration = .seconds(600),
        attempts: Int = 10
    ) {
        self.initial = initial
        self.max = max
        self.window = window
        self.attempts = attempts
    }
}
