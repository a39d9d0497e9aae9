/// How a managed server is at one instant: all that health pages, logs, metrics and the service manager ever see.
public struct ServerSnapshot: Sendable, Equatable {
    /// Where in its life a server is.
    public enum Phase: String, Sendable, CaseIterable {
        /// Switched off in the configuration.
        case disabled
        /// Nothing runs, and nothing should.
        case stopped
        /// Launched; the MCP handshake is not done.
        case starting
        /// The handshake is done.
        case ready
        /// The last life failed; the next one begins after a wait.
        case backingOff = "backing-off"
        /// The stop sequence runs.
        case stopping
        /// It cannot be run until something changes.
        case failed
    }

    /// The phase in the five words of systemd(1), "Units".
    public enum ActiveState: String, Sendable, CaseIterable {
        /// On its way up, waits between two tries included.
        case activating
        /// Ready.
        case active
        /// On its way down.
        case deactivating
        /// Down, as it should be.
        case inactive
        /// Down, and it should not be.
        case failed
    }

    /// The server's name in the configuration.
    public var name: String
    /// Where in its life it is.
    public var phase: Phase
    /// Whether it should be up.
    public var isWantedUp: Bool
    /// When it entered the phase, on the clock whose `now` was given.
    public var since: Duration
    /// The present life, or the last one; 0 before the first.
    public var generation: Int
    /// How many starts nobody asked for.
    public var restarts: Int
    /// How its last life ended.
    public var lastExit: ExitReport?
    /// In how long the next start is tried, if one is planned.
    public var nextAttemptIn: Duration?
    /// One sentence: what happened last, and what will happen next.
    public var reason: String
    /// The same without what the server wrote to stderr, for those who are not its operator.
    public var discreetReason: String
    /// How well it serves, and what to do if that is not well. Fit for everybody who may know that there is a server.
    public var health: HealthReport
    /// Whether the gateway's readiness waits for it.
    public var isRequired = false
    /// Whether it has been ready once, or its first start has taken as long as it may, or cannot succeed.
    public var hasStarted = false
    /// The process of the present life, if it has one.
    public var processID: Int32?
    /// How long the present life took to become ready; `nil` if it is not.
    public var startTook: Duration?
    /// Calls that wait for its answer.
    public var inFlight = 0
    /// Tools that no client is told of, because they are declared as they must not be.
    public var hiddenTools: [HiddenTool] = []
    /// How often it has said that its list of tools has changed.
    public var toolListChanges = 0
    /// Who shares an instance of it.
    public var isolation = Isolation.Mode.shared
    /// Whether it asks its clients, so that those that can be asked get instances of their own.
    public var isInteractive = false
    /// How many instances of it there are. All but `inFlight` and this tells of the first.
    public var instances = 1

    /// Describes a server as far as its lifecycle knows it.
    init(
        name: String, phase: Phase, isWantedUp: Bool, since: Duration, generation: Int, restarts: Int,
        lastExit: ExitReport?, nextAttemptIn: Duration?, reason: String, discreetReason: String,
        health: HealthReport
    ) {
        self.name = name
        self.phase = phase
        self.isWantedUp = isWantedUp
        self.since = since
        self.generation = generation
        self.restarts = restarts
        self.lastExit = lastExit
        self.nextAttemptIn = nextAttemptIn
        self.reason = reason
        self.discreetReason = discreetReason
        self.health = health
    }

    /// Whether calls can be sent now.
    public var isReady: Bool { phase == .ready }

    /// A few words for a status line: `git backing-off, next start in 8 s`.
    public var briefly: String {
        guard let nextAttemptIn else { return "\(name) \(phase.rawValue)" }
        return "\(name) \(phase.rawValue), next start in \(nextAttemptIn.spoken)"
    }

    /// The phase in the words of systemd.
    public var activeState: ActiveState {
        switch phase {
        case .disabled: .inactive
        case .stopped: .inactive
        case .starting: .activating
        case .ready: .active
        case .backingOff: .activating
        case .stopping: .deactivating
        case .failed: .failed
        }
    }
}
