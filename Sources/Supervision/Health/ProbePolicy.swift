/// When a server that nobody calls is asked whether it still lives.
public struct ProbePolicy: Sendable, Equatable {
    /// How long nothing must have passed between the gateway and the server before it is sent a `ping`. Zero or less:
    /// it is never sent one.
    public var interval: Duration
    /// How long the server may be silent after that; then it counts as dead.
    public var timeout: Duration

    /// Describes a policy; the defaults are those of the configuration file.
    public init(interval: Duration = .seconds(30), timeout: Duration = .seconds(30)) {
        self.interval = interval
        self.timeout = timeout
    }

    /// Never to ask.
    public static let off = ProbePolicy(interval: .zero)
}
