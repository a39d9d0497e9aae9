internal import GatewayLog
internal import Logging
internal import MCP
internal import NIOCore

/// One configured server as callers reach it: finds the instance that serves a caller, and keeps the instances.
///
/// There is one instance that is always supervised. Others, beside it, serve a principal or a session alone; they are
/// started with the first call that needs one, and stopped when their session ends or nobody has used them for long.
/// It lives on the event loop, beside its instances.
public actor InstancePool {
    /// The instance that is always supervised.
    public nonisolated let base: ManagedServer
    private nonisolated let executor: any SerialExecutor
    /// Told of instances that are started, and have to be waited for until they are gone.
    private let onBegin: (@Sendable (ManagedServer) -> Void)?
    /// Measures the calls.
    nonisolated let meter: (any CallMeter)?
    private(set) var instances: [InstanceRole: Instance] = [:] { didSet { noteWhetherPlain() } }
    /// Which of them callers without sessions have borrowed.
    private var loans: [CallerID: InstanceRole] = [:]
    /// Instances that are being stopped, or end with their last call.
    private(set) var leaving: [ManagedServer] = []
    private var listeners: [CallerID: (observer: any ServerObserver, caller: Caller)] = [:]
    private var logLevels: [CallerID: LoggingLevel] = [:] { didSet { noteWhetherPlain() } }
    /// Whether the server was seen asking its clients, or is configured as one that does.
    private(set) var isInteractive: Bool { didSet { noteWhetherPlain() } }
    /// Whether a call needs nothing of what is kept here: it goes to the first instance, and nobody has chosen a log level.
    /// Bound to the event loop, where to look at it costs less than to enter the actor.
    nonisolated let isPlain: NIOLoopBoundBox<Bool>
    private var isLeaving = false
    private var reaping: Scheduled<Void>?
    private var count = 1
    private var loanCount = 0

    /// An instance beside the first.
    struct Instance {
        let server: ManagedServer
        var lastUsed: Duration
    }

    /// Runs on the event loop, where its servers are.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Puts callers before one server.
    ///
    /// - Parameters:
    ///   - meter: measures the calls.
    ///   - onBegin: is told of instances that are started, and have to be waited for until they are gone.
    public init(
        _ base: ManagedServer, meter: (any CallMeter)? = nil, onBegin: (@Sendable (ManagedServer) -> Void)? = nil
    ) {
        self.base = base
        self.meter = meter
        self.onBegin = onBegin
        executor = base.eventLoop.executor
        let isolation = base.specification.isolation
        isInteractive = isolation.isInteractive
        isPlain = .makeBoxSendingValue(
            !isolation.isInteractive && isolation.mode == .shared, eventLoop: base.eventLoop)
    }

    /// What is run.
    public nonisolated var specification: ServerSpecification { base.specification }

    /// Whether callers are served by instances beside the first, or may be.
    var isSplit: Bool { isInteractive || isolation.mode != .shared || !instances.isEmpty }

    private nonisolated var isolation: Isolation { specification.isolation }

    private func noteWhetherPlain() {
        isPlain.value = !isSplit && logLevels.isEmpty
    }

    // MARK: The instance of a caller

    /// The role of the instance that serves a caller.
    private func role(for caller: Caller) -> InstanceRole {
        guard caller.profile.principal != .gateway else { return .shared }
        let hasSession = caller.profile.revision.isLegacy
        switch isolation.mode {
        case .principal: return .principal(caller.profile.principal)
        // A process for each request would be none's idea of a session.
        case .session: return hasSession ? .session(caller.id) : .principal(caller.profile.principal)
        case .shared:
            guard isInteractive, caller.profile.capabilities.isInteractive else { return .shared }
            return hasSession ? .session(caller.id) : loans[caller.id] ?? .shared
        }
    }

    /// Lends an instance to a caller without a session that can be asked: one that nobody has, and that was told of the
    /// same capabilities, or else a new one.
    private func lend(to caller: Caller) {
        guard isolation.mode == .shared, isInteractive, !caller.profile.revision.isLegacy, loans[caller.id] == nil,
            caller.profile.capabilities.isInteractive, caller.profile.principal != .gateway
        else { return }
        let lent = Set(loans.values)
        let declared = caller.profile.capabilities.declared
        let free = instances.first { role, instance in
            guard case .loan = role, !lent.contains(role) else { return false }
            return instance.server.specification.clientCapabilities == declared
                && instance.server.assumeIsolated { $0.isAtRest }
        }
        guard let free else {
            loanCount += 1
            loans[caller.id] = .loan(loanCount)
            return
        }
        loans[caller.id] = free.key
        if let observer = listeners[caller.id]?.observer {
            settle(caller.id, in: free.value.server, observer: observer)
        }
    }

    /// The instance that serves a caller from now on, which is started if need be.
    func home(of caller: Caller) throws(Unavailability) -> ManagedServer {
        lend(to: caller)
        let role = role(for: caller)
        guard role != .shared else { return base }
        let now = ManagedServer.now
        if let found = instances[role] {
            instances[role]?.lastUsed = now
            return found.server
        }
        // It says what is the matter.
        let canBegin = base.assumeIsolated { server in server.canBecomeReady }
        guard !isLeaving, canBegin else { return base }
        let limit = isolation.limit
        // Those that are being stopped have a bound of their own, or who comes and goes would be turned away.
        guard instances.count < limit, leaving.count < limit else {
            base.assumeIsolated { server in server.logWithinAllowance(.instancesExhausted, [.limit: "\(limit)"]) }
            guard isolation.mode != .shared else { return base }
            throw Unavailability(
                server: name, phase: "crowded",
                reason: "there are \(limit) instances of server \"\(name)\" already (instances.max)",
                retryAfter: .seconds(30))
        }
        return begin(role, for: caller, now: now)
    }

    /// The instance beside the first that serves a caller now.
    func presentHome(of caller: CallerID) -> ManagedServer? {
        if let instance = instances[loans[caller] ?? .session(caller)] { return instance.server }
        guard isolation.mode != .shared, let principal = listeners[caller]?.caller.profile.principal else { return nil }
        return instances[.principal(principal)]?.server
    }

    /// What this caller has asked to be logged, if it has.
    func logLevel(of caller: CallerID) -> LoggingLevel? {
        logLevels.isEmpty ? nil : logLevels[caller]
    }

    private func begin(_ role: InstanceRole, for caller: Caller, now: Duration) -> ManagedServer {
        count += 1
        var specification = specification
        switch role {
        case .session, .loan: specification.clientCapabilities = caller.profile.capabilities.declared
        case .shared, .principal: break
        }
        let number = count
        let server = base.assumeIsolated { $0.sibling(specification, role: role, number: number) }
        instances[role] = Instance(server: server, lastUsed: now)
        for (id, listener) in listeners where self.role(for: listener.caller) == role {
            settle(id, in: server, observer: listener.observer)
        }
        server.assumeIsolated { $0.start() }
        onBegin?(server)
        scheduleReaping()
        return server
    }

    /// From now on this caller hears of another instance than the first.
    private func settle(_ caller: CallerID, in server: ManagedServer, observer: any ServerObserver) {
        base.assumeIsolated { $0.unobserve(caller) }
        let (level, base) = (logLevels[caller], base)
        server.assumeIsolated { server in
            server.attach(observer, as: caller)
            server.moveSubscriptions(of: caller, from: base)
            if let level { server.setLogLevel(level, of: caller) }
        }
    }

    // MARK: Callers

    func add(_ observer: any ServerObserver, as caller: Caller) {
        listeners[caller.id] = (observer, caller)
        base.assumeIsolated { server in
            server.attach(observer, as: caller.id)
            if server.onQuestion == nil { server.onQuestion = noticesQuestions }
        }
        if let home = presentHome(of: caller.id) { settle(caller.id, in: home, observer: observer) }
    }

    /// What the first instance calls when it asks.
    nonisolated var noticesQuestions: @Sendable () -> Void {
        { [weak self] in self?.assumeIsolated { $0.hasAsked() } }
    }

    func silence(_ caller: CallerID) {
        base.assumeIsolated { $0.unobserve(caller) }
        presentHome(of: caller)?.assumeIsolated { $0.unobserve(caller) }
    }

    func remove(_ caller: CallerID) {
        let home = presentHome(of: caller)
        listeners[caller] = nil
        logLevels[caller] = nil
        loans[caller] = nil
        base.assumeIsolated { $0.detach(caller) }
        guard let home else { return }
        home.assumeIsolated { $0.detach(caller) }
        if home.role == .session(caller) { end(.session(caller)) }
    }

    func keep(_ level: LoggingLevel, of caller: CallerID) {
        logLevels[caller] = level
        (presentHome(of: caller) ?? base).assumeIsolated { $0.setLogLevel(level, of: caller) }
    }

    /// The server asks its clients although it was told that they cannot be asked.
    private func hasAsked() {
        guard !isInteractive, isolation.mode == .shared else { return }
        isInteractive = true
        base.assumeIsolated { $0.logger.log(.serverInteractive) }
    }

    // MARK: Ends

    private func end(_ role: InstanceRole) {
        guard let instance = instances.removeValue(forKey: role) else { return }
        leaving.append(instance.server)
        instance.server.assumeIsolated { $0.leave() }
    }

    /// An instance is gone for good.
    func forget(_ server: ManagedServer) {
        leaving.removeAll { $0 === server }
    }

    private func scheduleReaping() {
        guard reaping == nil, !instances.isEmpty else { return }
        let interval = min(max(isolation.idle / 4, .milliseconds(10)), .seconds(60))
        reaping = base.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(interval)) { [weak self] in
            self?.assumeIsolated { pool in
                pool.reaping = nil
                pool.reap(now: ManagedServer.now)
                pool.scheduleReaping()
            }
        }
    }

    private func reap(now: Duration) {
        for (role, instance) in instances {
            if instance.server.assumeIsolated({ $0.isInUse }) {
                instances[role]?.lastUsed = now
            } else if now - instance.lastUsed >= isolation.idle {
                end(role)
            }
        }
    }

    /// Every instance there is.
    var all: [ManagedServer] { [base] + instances.values.map(\.server) + leaving }

    /// How the server stands: its first instance, and how many there are.
    public func snapshot() -> ServerSnapshot {
        var snapshot = base.assumeIsolated { $0.snapshot() }
        snapshot.isolation = isolation.mode
        snapshot.isInteractive = isInteractive
        snapshot.instances = 1 + instances.count
        snapshot.inFlight += instances.values.reduce(0) { sum, instance in
            sum + instance.server.assumeIsolated { $0.multiplexer.count }
        }
        return snapshot
    }

    /// Answers everybody who waits for this server, because the gateway will not be there for the real answer.
    public func abandonCalls() {
        for server in all { server.assumeIsolated { $0.abandonCalls() } }
    }

    /// Starts the server if it does not run. Instances beside the first come with the next call.
    public func start() {
        base.assumeIsolated { $0.start() }
    }

    /// Stops every instance; none is started again until the server is.
    public func stop() {
        for role in Array(instances.keys) { end(role) }
        base.assumeIsolated { $0.stop() }
    }

    /// Stops the server if it runs, and starts it at once with a clean record. Instances beside the first come back with
    /// the next call.
    public func restart() {
        for role in Array(instances.keys) { end(role) }
        base.assumeIsolated { $0.restart() }
    }

    /// Begins the stop sequence of every instance; none is started again.
    func leave() {
        isLeaving = true
        reaping?.cancel()
        reaping = nil
        for role in Array(instances.keys) { end(role) }
        base.assumeIsolated { $0.leave() }
    }

    /// Kills what still runs, at once.
    func kill() {
        for server in all { server.assumeIsolated { $0.connection?.kill() } }
    }

    /// Lets those wait here who waited there, and keeps for them what was kept there: nothing of theirs was sent.
    func takeOver(from predecessor: InstancePool) {
        let (servers, levels) = predecessor.assumeIsolated { ($0.all, $0.logLevels) }
        logLevels = levels
        for server in servers {
            base.assumeIsolated { $0.takeOverListening(from: server) }
            for wish in server.assumeIsolated({ $0.waitingRoom.leaveAll() }) { take(wish) }
        }
    }

    private func take(_ wish: WaitingRoom.Wish) {
        switch wish {
        case .description:
            base.assumeIsolated { $0.wait(for: wish) }
        case .call(let call):
            var home = base
            if let profile = call.context.profile, let own = try? self.home(of: Caller(call.caller, profile)) {
                home = own
            }
            home.assumeIsolated { $0.take(call) }
        }
    }

    /// Stops for good once the last call is answered or `grace` is over; then what is left gets an error. Nobody calls
    /// it any more.
    func retire(grace: Duration, onIdle: @escaping @Sendable () -> Void) {
        isLeaving = true
        reaping?.cancel()
        reaping = nil
        let servers = [base] + instances.values.map(\.server)
        leaving += instances.values.map(\.server)
        instances = [:]
        let rest = Countdown(servers.count, onIdle)
        for server in servers { server.assumeIsolated { $0.retire(grace: grace) { rest.step() } } }
    }
}
