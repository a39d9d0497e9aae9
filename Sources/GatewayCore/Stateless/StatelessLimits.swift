/// How much of what outlives a request is kept for clients without sessions.
public struct StatelessLimits: Sendable, Equatable {
    /// Open subscriptions; one more is refused.
    public var listens: Int
    /// How many of them one principal may have.
    public var listensPerPrincipal: Int
    /// Calls that wait for their clients' input; one more ends with an error.
    public var parkedCalls: Int
    /// How many of them may be one principal's.
    public var parkedCallsPerPrincipal: Int
    /// How long such a call waits; then its server is told that nobody answers, and the call is cancelled.
    public var parkedCallAge: Duration

    /// Limits; the defaults are those of the configuration file.
    public init(
        listens: Int = 1024, listensPerPrincipal: Int = 512, parkedCalls: Int = 1024,
        parkedCallsPerPrincipal: Int = 512, parkedCallAge: Duration = .seconds(600)
    ) {
        self.listens = listens
        self.listensPerPrincipal = listensPerPrincipal
        self.parkedCalls = parkedCalls
        self.parkedCallsPerPrincipal = parkedCallsPerPrincipal
        self.parkedCallAge = parkedCallAge
    }
}
