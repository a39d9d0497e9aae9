public import NIOCore
public import Supervision
internal import Synchronization

/// The gateway actor: hands out routes and sessions, and knows how things stand.
///
/// It lives on the event loop. What every request asks it for, a route and a session, stands in tables that are bound to
/// the loop: to find something there costs less than to enter an actor.
public actor Gateway {
    /// The loop on which it, its sessions and their servers live.
    public nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    private let limits: GatewayLimits
    private nonisolated let routes: NIOLoopBoundBox<[String: Route]>
    /// The names of the routes, in the order of the configuration.
    public private(set) var routeNames: [String]
    private nonisolated let sessions: NIOLoopBoundBox<[String: OpenSession]>
    private var operators = OperatorSessions()
    private nonisolated let callers = Atomic<UInt64>(0)

    /// Who the first session that is opened calls as, or the first request without one.
    public static let firstCaller = CallerID(1)
    private var isClosing = false
    private var expiry: Scheduled<Void>?

    private let meters: (@Sendable (_ route: String) -> any CallMeter)?
    private let reporter: (any ReadinessReporter)?
    private var isListening = false
    private var hasReportedReady = false
    private var reportedLine = ""

    /// A session, and where and whose it is: `ClientSession.route` and `.principal`, which only the gateway changes.
    private struct OpenSession {
        let session: ClientSession
        var route: String
        var principal: Principal
    }

    /// Runs on the event loop, so that a request crosses no thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A gateway with these routes.
    ///
    /// - Parameters:
    ///   - aggregates: routes to several servers each, which are not listed.
    ///   - meters: what measures the requests and sessions on each route.
    ///   - reporter: is told when the gateway becomes ready, and its status line.
    public init(
        eventLoop: any EventLoop, routes: [Route], aggregates: [Route] = [], limits: GatewayLimits = GatewayLimits(),
        meters: (@Sendable (_ route: String) -> any CallMeter)? = nil, reporter: (any ReadinessReporter)? = nil
    ) {
        self.reporter = reporter
        self.meters = meters
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        self.limits = limits
        self.routes = .makeBoxSendingValue(Self.byName(routes + aggregates, meters), eventLoop: eventLoop)
        sessions = .makeBoxSendingValue([:], eventLoop: eventLoop)
        routeNames = routes.map(\.name)
    }

    private static func byName(
        _ routes: [Route], _ meters: (@Sendable (_ route: String) -> any CallMeter)?
    ) -> [String: Route] {
        let measured = routes.map { ($0.name, $0.measured(by: meters?($0.name))) }
        return Dictionary(measured) { first, _ in first }
    }

    /// Serves these routes from now on. Sessions on a route that is still there and still lets their holder in go on, on
    /// another server if it has one; those that are let in no more end now, and those whose route is gone with their
    /// server (`closeSessions`), or at once if there were several servers behind it.
    public func apply(_ routes: [Route], aggregates: [Route] = []) {
        let old = self.routes.value
        let new = Self.byName(routes + aggregates, meters)
        self.routes.value = new
        routeNames = routes.map(\.name)
        for session in sessions.value.values.map(\.session) {
            let (before, principal) = session.assumeIsolated { ($0.route, $0.principal) }
            guard let route = new[before.name] else {
                if before.server == nil { close(session) }
                continue
            }
            guard let principal = (old[before.name] ?? before).access.translated(principal, to: route.access) else {
                close(session)
                continue
            }
            session.assumeIsolated { $0.move(to: route, as: principal) }
            sessions.value[session.id]?.route = route.name
            sessions.value[session.id]?.principal = principal
        }
        serverChanged()
    }

    /// Ends the sessions that still use this server, because it goes and nothing takes its place.
    public func closeSessions(of callee: any Callee) {
        for open in sessions.value.values where open.session.assumeIsolated({ $0.route.callee === callee }) {
            close(open.session)
        }
    }

    /// The names of all routes, of those to several servers too.
    public var everyRouteName: [String] { Array(routes.value.keys) }

    /// The route of this name. Called on the event loop.
    public nonisolated func route(named name: String) -> Route? {
        routes.value[name]
    }

    /// Opens a session for a client that has not been initialized yet.
    ///
    /// - Throws: `SessionRefusal` when there are too many, or the gateway is stopping.
    public func openSession(on route: Route, principal: Principal) throws(SessionRefusal) -> ClientSession {
        guard !isClosing else { throw .stopping }
        guard sessions.value.count < limits.sessions else { throw .tooManySessions(limit: limits.sessions) }
        let session = ClientSession(
            id: SessionID.random(), caller: takeCallerID(), route: route, principal: principal,
            limits: limits, eventLoop: eventLoop)
        sessions.value[session.id] = OpenSession(session: session, route: route.name, principal: principal)
        scheduleExpiry()
        return session
    }

    /// Opens a session for a request of an operator's, whose end is waited for when the gateway stops.
    ///
    /// - Throws: as `openSession`.
    func openOperatorSession(on route: Route) throws(SessionRefusal) -> ClientSession {
        let session = try openSession(on: route, principal: .local)
        operators.add(session.id)
        return session
    }

    /// An id for somebody who calls, which was never given.
    nonisolated func takeCallerID() -> CallerID {
        CallerID(callers.add(1, ordering: .relaxed).newValue)
    }

    /// The open session of this id, if it belongs to this route and principal. Called on the event loop.
    public nonisolated func session(_ id: String, on route: Route, principal: Principal) -> ClientSession? {
        guard let open = sessions.value[id], open.route == route.name, open.principal == principal else { return nil }
        return open.session
    }

    /// Ends a session: cancels its calls and closes its stream. Ending it twice does nothing.
    public func close(_ session: ClientSession) {
        guard sessions.value.removeValue(forKey: session.id) != nil else { return }
        session.assumeIsolated { $0.end() }
        operators.remove(session.id)
    }

    /// Many clients never say good-bye. One timer looks for their sessions, while there are any.
    private func scheduleExpiry() {
        guard expiry == nil, !sessions.value.isEmpty else { return }
        let idle = TimeAmount(limits.sessionIdle)
        expiry = eventLoop.assumeIsolated().scheduleTask(
            in: min(TimeAmount(limits.sessionIdle / 4) + .milliseconds(1), .seconds(60))
        ) {
            [weak self] in
            self?.assumeIsolated { gateway in
                gateway.expiry = nil
                for open in gateway.sessions.value.values where open.session.assumeIsolated({ $0.isIdle(for: idle) }) {
                    gateway.close(open.session)
                }
                gateway.scheduleExpiry()
            }
        }
    }

    /// Opens no more sessions, and after `grace` answers every call that is still in flight with an error, so that no
    /// client is left without an answer when its connection is closed.
    public func beginClosing(grace: Duration) {
        isClosing = true
        reporter?.stopping()
        report()
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(grace)) {
            self.assumeIsolated { gateway in
                for route in gateway.routes.value.values { route.server?.assumeIsolated { $0.abandonCalls() } }
            }
        }
    }

    /// Returns once no request of an operator's is under way any more, or after so long. No front of clients knows of
    /// them; after `beginClosing` no more come.
    public func operatorsAreDone(within patience: Duration) async {
        try? await operatorsEnd(within: patience).get()
    }

    private func operatorsEnd(within patience: Duration) -> EventLoopFuture<Void> {
        let done = eventLoop.makePromise(of: Void.self)
        let timeout = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(patience)) { done.succeed() }
        done.futureResult.whenComplete { _ in timeout.cancel() }
        operators.whenEmpty(done)
        return done.futureResult
    }

    /// Ends every session and opens no more.
    public func closeAllSessions() {
        isClosing = true
        expiry?.cancel()
        let all = sessions.value.values.map(\.session)
        sessions.value = [:]
        for session in all {
            session.assumeIsolated { $0.end() }
            operators.remove(session.id)
        }
    }

    /// How many sessions are open on each route that has any.
    public func sessionCounts() -> [String: Int] {
        sessions.value.values.reduce(into: [:]) { counts, open in counts[open.route, default: 0] += 1 }
    }

    /// How things stand now.
    public func status() -> GatewayStatus {
        let servers = routeNames.compactMap { route(named: $0)?.server }.map { server in
            server.assumeIsolated { $0.snapshot() }
        }
        return GatewayStatus(servers: servers, sessions: sessions.value.count)
    }
}

extension Gateway {
    /// Clients can connect from now on.
    public func listenerIsUp() {
        isListening = true
        for server in routes.value.values.compactMap(\.server) where server.specification.required {
            // A required server that is not ready by then is not waited for any longer.
            let deadline = TimeAmount(server.specification.startTimeout) + .milliseconds(10)
            eventLoop.assumeIsolated().scheduleTask(in: deadline) { [weak self] in
                self?.assumeIsolated { $0.report() }
            }
        }
        report()
    }

    /// A server has entered another phase.
    public func serverChanged() {
        report()
    }

    /// Where in its own life it is.
    public var stage: GatewayStage {
        if isClosing { return .stopping }
        return hasReportedReady ? .serving : .starting
    }

    private func report() {
        guard let reporter, isListening else { return }
        let status = status()
        // Whoever waits for it has given up by the time that it stops.
        let isReady = !hasReportedReady && !isClosing && status.awaited.isEmpty
        if isReady { hasReportedReady = true }
        let line = status.line(in: stage)
        if line != reportedLine {
            reportedLine = line
            reporter.status(line)
        }
        if isReady { reporter.ready() }
    }
}
