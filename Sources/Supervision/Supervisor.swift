public import Logging
public import NIOCore

/// The supervisor actor: owns one managed server per specification, starts them all, and stops them all.
///
/// A server that fails never reaches the gateway or a sibling; each has its own restart policy.
public actor Supervisor {
    /// The loop on which it and its servers live.
    public nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    /// The servers as callers reach them, in the order of the configuration.
    public private(set) var pools: [InstancePool]

    private let connector: any UpstreamConnector
    private let store: (any DescriptionStore)?
    private let meters: (@Sendable (_ server: String) -> any CallMeter)?
    private let logger: Logger
    private var onChange: (@Sendable (ServerSnapshot) -> Void)?
    private var onStandardError: (@Sendable (_ server: String, _ line: String) -> Void)?
    /// Every server that is awaited: those above, and those that a new configuration has no place for.
    private let begun: AsyncStream<ManagedServer>
    private let beginning: AsyncStream<ManagedServer>.Continuation
    private var retiring: [InstancePool] = []
    private var isRunning = false
    private var isStopping = false

    /// Runs on the event loop, beside its servers.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A supervisor of servers that are not started yet.
    ///
    /// - Parameters:
    ///   - store: where descriptions are kept over restarts of the gateway; nowhere if `nil`.
    ///   - role: whom the first instance of each serves.
    ///   - meters: what measures the calls to each server.
    public init(
        _ specifications: [ServerSpecification], on eventLoop: any EventLoop, connector: any UpstreamConnector,
        store: (any DescriptionStore)? = nil, role: InstanceRole = .shared,
        meters: (@Sendable (_ server: String) -> any CallMeter)? = nil, logger: Logger
    ) {
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        self.connector = connector
        self.store = store
        self.meters = meters
        self.logger = logger
        let (begun, beginning) = AsyncStream.makeStream(of: ManagedServer.self)
        (self.begun, self.beginning) = (begun, beginning)
        pools = specifications.map {
            let meter = meters?($0.name)
            let server = ManagedServer(
                $0, on: eventLoop, connector: connector, store: store, role: role, meter: meter, logger: logger)
            return Self.pool(of: server, meter: meter, beginning)
        }
    }

    /// The servers that are always supervised, in the order of the configuration.
    public var servers: [ManagedServer] { pools.map(\.base) }

    /// Calls `onChange` after every server's change of phase from now on, on the event loop.
    public func observe(_ onChange: @escaping @Sendable (ServerSnapshot) -> Void) {
        self.onChange = onChange
        for server in servers { server.assumeIsolated { $0.observe(onChange) } }
    }

    /// Calls `onLine` with the server's name and each line that a server writes to stderr from now on, on the event loop.
    public func observeStandardError(_ onLine: @escaping @Sendable (_ server: String, _ line: String) -> Void) {
        onStandardError = onLine
        for server in servers { server.assumeIsolated { $0.observeStandardError(onLine) } }
    }

    /// Runs these servers from now on. A server whose specification is the same is not touched; one that has another is
    /// replaced by a new one, which takes over the calls that still waited for the old.
    ///
    /// - Returns: the servers that have no place any more, replaced ones included. They run on until `retire`.
    public func apply(_ specifications: [ServerSpecification]) -> [InstancePool] {
        guard !isStopping else { return [] }
        let old = Dictionary(pools.map { ($0.name, $0) }) { first, _ in first }
        var kept: Set<String> = []
        pools = specifications.map { specification in
            let predecessor = old[specification.name]
            if let predecessor, predecessor.specification == specification {
                kept.insert(specification.name)
                return predecessor
            }
            let meter = meters?(specification.name)
            let server = ManagedServer(
                specification, on: eventLoop, connector: connector, store: store, meter: meter, logger: logger)
            let (onChange, onStandardError) = (onChange, onStandardError)
            server.assumeIsolated { server in
                if let onChange { server.observe(onChange) }
                if let onStandardError { server.observeStandardError(onStandardError) }
            }
            let pool = Self.pool(of: server, meter: meter, beginning)
            if let predecessor { pool.assumeIsolated { $0.takeOver(from: predecessor) } }
            if isRunning { begin(server) }
            return pool
        }
        let retired = old.values.filter { !kept.contains($0.name) }
        retiring += retired
        return retired
    }

    /// The pool whose first instance this is; every instance that it begins is awaited, and measured by the same meter.
    private static func pool(
        of server: ManagedServer, meter: (any CallMeter)?, _ beginning: AsyncStream<ManagedServer>.Continuation
    ) -> InstancePool {
        InstancePool(server, meter: meter) { sibling in
            sibling.assumeIsolated { $0.meter = meter }
            beginning.yield(sibling)
        }
    }

    /// Stops a server that has no place any more, once its last call is answered or `grace` is over.
    ///
    /// - Parameter onIdle: called on the event loop when it has no call left.
    public func retire(_ pool: InstancePool, grace: Duration, onIdle: @escaping @Sendable () -> Void) {
        pool.assumeIsolated { $0.retire(grace: grace, onIdle: onIdle) }
    }

    /// Starts every server and returns when `stop` was called and the last of them is gone. To cancel it is to stop it.
    public func run() async {
        isRunning = true
        for server in servers { begin(server) }
        let begun = begun
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await server in begun {
                    group.addTask {
                        await server.untilGone()
                        await self.forget(server)
                    }
                }
            }
        } onCancel: {
            eventLoop.execute { self.assumeIsolated { $0.stop() } }
        }
    }

    private func begin(_ server: ManagedServer) {
        server.assumeIsolated { $0.start() }
        beginning.yield(server)
    }

    private func forget(_ server: ManagedServer) {
        retiring.removeAll { $0.base === server }
        for pool in pools + retiring { pool.assumeIsolated { $0.forget(server) } }
    }

    /// Begins every server's stop sequence, the last configured first.
    public func stop() {
        isStopping = true
        beginning.finish()
        for pool in retiring + pools.reversed() {
            pool.assumeIsolated { $0.leave() }
        }
    }

    /// Returns when it has had its turn on the loop. Whoever watches over the process asks it now and then.
    public func takeTurn() {}

    /// Kills what still runs, at once: for a second interrupt, when nobody wants to wait.
    public func kill() {
        for pool in retiring + pools {
            pool.assumeIsolated { $0.kill() }
        }
    }
}
