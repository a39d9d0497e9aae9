internal import GatewayLog
public import Logging
internal import MCP
public import NIOCore

/// One MCP server under supervision: the thin shell around `ServerLifecycle` and `Multiplexer`.
///
/// It owns at most one live connection, every call that is in flight on it, and whoever waits for it. It lives on the
/// event loop on which the connection's pipes are read, so that a message crosses no thread, and it never suspends:
/// everything that takes time comes back as an event.
public actor ManagedServer {
    /// How long whoever finds the server in its first start waits for it.
    static let startGrace = Duration.seconds(8)
    /// How long a call waits for a server that is being restarted.
    static let restartGrace = Duration.seconds(5)
    /// How often it is looked whether a command that did not exist is there now.
    public static let repairInterval = Duration.seconds(10)

    /// What is run.
    public nonisolated let specification: ServerSpecification
    /// The loop it lives on.
    public nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    let logger: Logger
    let connector: any UpstreamConnector
    let store: (any DescriptionStore)?
    let repairInterval: Duration
    var onChange: (@Sendable (ServerSnapshot) -> Void)?
    var onStandardError: (@Sendable (_ server: String, _ line: String) -> Void)?
    /// Measures what comes of its notifications.
    var meter: (any CallMeter)?

    var lifecycle: ServerLifecycle { didSet { noteKnownDescription() } }
    var connection: (any UpstreamConnection)?
    var generation = Generation(0)
    /// When the present life was launched.
    var lifeBegan = Duration.zero
    var processID: Int32?
    var alarm: Scheduled<Void>?
    var repairCheck: Scheduled<Void>?
    var isLeaving = false { didSet { noteKnownDescription() } }
    private var departure: CheckedContinuation<Void, Never>?
    var firstStart: Duration? { didSet { noteKnownDescription() } }

    var description: ServerDescription? { didSet { noteKnownDescription() } }
    /// What `describe` would tell at once. Bound to the event loop, where to look at it costs less than to enter the actor.
    nonisolated let knownDescription: NIOLoopBoundBox<ServerDescription?>
    var hasBeenReady = false
    var multiplexer = Multiplexer()
    var waitingRoom = WaitingRoom()
    var sweep: Scheduled<Void>?
    var probe: IdleProbe
    var look: Scheduled<Void>?
    /// Whom it serves.
    public nonisolated let role: InstanceRole
    /// Called when the server asks what it can ask of no client that shares it.
    var onQuestion: (@Sendable () -> Void)?
    var listeners: [CallerID: Listener] = [:]
    var questions = ServerRequests()
    var elicitations = ElicitationOwners()
    var logLevels = LogLevels()
    var subscriptions = Subscriptions()
    /// What callers of earlier revisions were told of tools of a server of MCP 2026-07-28.
    var legacyResult = LegacyResult()
    /// Tools that are kept from clients, and the names of those of which the log tells in this life.
    var hiddenTools: [HiddenTool] = []
    var toldHidden: Set<String> = []
    /// How many the log tells of.
    static let toldHiddenLimit = 64
    /// Requests of the gateway's own that are not answered yet, by their ids.
    var ownRequests: [Int: OwnRequest] = [:]
    var listChanges = ListChanges()
    var listFlush: Scheduled<Void>?
    var quieting: Scheduled<Void>?
    var standardError: StandardErrorTail
    var unusableLines = 0
    /// How often it has said that its list of tools has changed.
    var toolListChanges = 0
    var standardErrorAllowance = LineAllowance(perSecond: 200)
    var entryAllowance = LineAllowance(perSecond: 20)

    /// Runs on the event loop, where its pipes are.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The name in the configuration.
    public nonisolated var name: String { specification.name }

    /// A server that is not started yet.
    ///
    /// - Parameters:
    ///   - store: where its description is kept over restarts of the gateway; nowhere if `nil`.
    ///   - role: whom it serves.
    ///   - repairInterval: how often it is looked whether a command that did not exist is there now.
    ///   - logName: what the log calls it; by its name if `nil`.
    ///   - meter: measures what comes of its notifications.
    public init(
        _ specification: ServerSpecification, on eventLoop: any EventLoop, connector: any UpstreamConnector,
        store: (any DescriptionStore)? = nil, role: InstanceRole = .shared,
        repairInterval: Duration = repairInterval, logName: String? = nil, meter: (any CallMeter)? = nil,
        logger: Logger
    ) {
        self.specification = specification
        self.role = role
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        self.connector = connector
        self.store = store
        self.repairInterval = repairInterval
        self.meter = meter
        var logger = logger
        logger[metadataKey: "server"] = "\(logName ?? specification.name)"
        self.logger = logger
        standardError = StandardErrorTail(capacity: specification.standardErrorLines)
        probe = IdleProbe(specification.effectiveProbe)
        lifecycle = ServerLifecycle(specification, now: Self.now)
        knownDescription = .makeBoxSendingValue(nil, eventLoop: eventLoop)
    }

    /// Calls `onChange` after every change of phase from now on, on the event loop.
    public func observe(_ onChange: @escaping @Sendable (ServerSnapshot) -> Void) {
        self.onChange = onChange
    }

    /// Calls `onLine` with its name and each line that it writes to stderr from now on, on the event loop.
    public func observeStandardError(_ onLine: @escaping @Sendable (_ server: String, _ line: String) -> Void) {
        onStandardError = onLine
    }

    /// Starts the server, which from now on is kept running; also one that was stopped, or has failed for good.
    public func start() {
        guard !isLeaving else { return }
        if firstStart == nil {
            firstStart = now
            description = store?.description(of: specification) ?? description
        }
        perform(lifecycle.start(now: now))
    }

    /// Stops the server, which is not started again until somebody asks for it.
    public func stop() {
        guard !isLeaving else { return }
        perform(lifecycle.stop(now: now))
    }

    /// Returns when the server has been stopped for good, by `leave`. One task may wait.
    public func untilGone() async {
        guard !(isLeaving && connection == nil) else { return }
        await withCheckedContinuation { departure = $0 }
    }

    /// Begins the stop sequence; the server is not started again.
    public func leave() {
        isLeaving = true
        perform(lifecycle.stop(now: now))
        leaveIfDown()
    }

    /// Stops the server if it runs, and starts it at once with a clean record; not after `leave`.
    public func restart() {
        guard !isLeaving else { return }
        perform(lifecycle.restart(now: now))
    }

    /// How the server is now.
    public func snapshot() -> ServerSnapshot {
        let (now, inFlight) = (now, multiplexer.count)
        var snapshot = lifecycle.snapshot(
            now: now,
            traffic: TrafficFacts(
                inFlight: inFlight, silence: probe.silence(isBusy: owesAnswers, now: now),
                unansweredPing: probe.unanswered(now: now), knowsPings: !probe.isMute))
        snapshot.isRequired = specification.required
        snapshot.hasStarted = hasStarted
        snapshot.processID = processID
        if snapshot.isReady { snapshot.startTook = snapshot.since - lifeBegan }
        snapshot.inFlight = inFlight
        snapshot.hiddenTools = hiddenTools
        snapshot.toolListChanges = toolListChanges
        return snapshot
    }

    /// How its last lives ended, oldest first; at most 20.
    public func pastLives() -> [PastLife] {
        let now = now
        return lifecycle.record.tally.deaths.map { death in
            PastLife(
                generation: death.generation.number, endedAgo: now - death.at, readyFor: death.readyFor,
                exit: death.report, wasAskedFor: death.wasAskedFor)
        }
    }

    /// The last lines it wrote to stderr, oldest first.
    public func standardErrorLines() -> [String] {
        standardError.lines
    }

    /// Whether it has been ready once, or its first start has taken as long as it may, or cannot succeed: what
    /// readiness of the whole gateway waits for.
    private var hasStarted: Bool {
        if hasBeenReady || lifecycle.phase == .ready || !canBecomeReady { return true }
        guard let firstStart else { return false }
        return now - firstStart >= specification.startTimeout
    }

    /// The connection, when calls can be sent over it.
    var readyConnection: (any UpstreamConnection)? {
        lifecycle.phase == .ready ? connection : nil
    }

    /// Whether the server is up or on its way up.
    var canBecomeReady: Bool {
        switch lifecycle.phase {
        case .starting, .ready, .backingOff: true
        case .stopping: lifecycle.isWantedUp
        // Before `start` it is only not started yet.
        case .stopped: firstStart == nil && !isLeaving
        case .disabled, .failed: false
        }
    }

    private func noteKnownDescription() {
        knownDescription.value = canBecomeReady ? description : nil
    }

    func leaveIfDown() {
        guard isLeaving, connection == nil else { return }
        alarm?.cancel()
        repairCheck?.cancel()
        listFlush?.cancel()
        quieting?.cancel()
        turnAwayWaiting()
        departure?.resume()
        departure = nil
    }

    /// How often deadlines are looked at: a tenth of what they are measured in, but at most once a second.
    var sweepInterval: TimeAmount {
        TimeAmount(min(max(specification.callTimeout / 10, .milliseconds(10)), .seconds(1)))
    }

    /// Monotonic time since an arbitrary point.
    static var now: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }

    var now: Duration { Self.now }
}
