/// When and how often a server that died is started again.
public struct RestartPolicy: Sendable, Equatable {
    /// The first delay that is not immediate; each further one is twice as long.
    public var initial: Duration
    /// The longest delay between two starts inside the window.
    public var max: Duration
    /// The period over which failures are counted.
    public var window: Duration
    /// How many failures the window allows; beyond it only one start every `exhaustedInterval` is tried.
    public var attempts: Int
    /// The delay between starts once the window is used up.
    public var exhaustedInterval: Duration
    /// A life that was ready for at least this long is followed by an immediate restart.
    public var immediateAfterReadyFor: Duration
    /// A life that was ready for at least this long resets the count of failures.
    public var resetAfterReadyFor: Duration

    /// Describes a policy; the defaults are those of the configuration file.
    public init(
        initial: Duration = .milliseconds(500),
        max: Duration = .seconds(60),
        window: Duration = .seconds(600),
        attempts: Int = 10,
        exhaustedInterval: Duration = .seconds(300),
        immediateAfterReadyFor: Duration = .seconds(10),
        resetAfterReadyFor: Duration = .seconds(60)
    ) {
        self.initial = initial
        self.max = max
        self.window = window
        self.attempts = attempts
        self.exhaustedInterval = exhaustedInterval
        self.immediateAfterReadyFor = immediateAfterReadyFor
        self.resetAfterReadyFor = resetAfterReadyFor
    }
}
