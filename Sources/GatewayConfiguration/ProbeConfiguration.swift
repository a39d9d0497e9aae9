/// How a server that nobody calls is asked whether it lives: the key `probe`.
public struct ProbeConfiguration: Sendable, Equatable {
    /// How long it must have said nothing before it is asked.
    public var interval: Duration
    /// How long its answer may take before it counts as dead.
    public var timeout: Duration

    /// Describes a probe; the defaults are those of the file.
    public init(interval: Duration = .seconds(30), timeout: Duration = .seconds(30)) {
        self.interval = interval
        self.timeout = timeout
    }
}
