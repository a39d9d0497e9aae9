public import Logging
public import NIOCore

/// The supervisor actor: owns one managed server per specification, starts them all, and stops them all.
///
/// A server that fails never reaches the gateway or a sibling; each has its own restart policy.
public actor Supervisor {
    /// The loop on which it and its servers live.
    public nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    /// The servers, in the order of the configuration.
    public nonisolated let servers: [ManagedServer]

    private var isStopping = false
    private var stopped: CheckedContinuation<Void, Never>?

    /// Runs on the event loop, beside its servers.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A supervisor of servers that are not started yet.
    ///
    /// - Parameter store: where descriptions are kept over restarts of the gateway; nowhere if `nil`.
    public init(
        _ specifications: [ServerSpecification], on eventLoop: any EventLoop, connector: any UpstreamConnector,
        store: (any DescriptionStore)? = nil, logger: Logger
    ) {
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        servers = specifications.map {
            ManagedServer($0, on: eventLoop, connector: connector, store: store, logger: logger)
        }
    }

    /// Calls `onChange` after every server's change of phase from now on, on the event loop.
    public func observe(_ onChange: @escaping @Sendable (ServerSnapshot) -> Void) {
        for server in servers { server.assumeIsolated { $0.observe(onChange) } }
    }

    /// Starts every server and returns when `stop` was called and the last of them is gone. To cancel it is to stop it.
    public func run() async {
        start()
        await withTaskCancellationHandler {
            await untilStopped()
            await withDiscardingTaskGroup { group in
                for server in servers {
                    group.addTask { await server.untilGone() }
                }
            }
        } onCancel: {
            eventLoop.execute { self.assumeIsolated { $0.stop() } }
        }
    }

    private func untilStopped() async {
        guard !isStopping else { return }
        await withCheckedContinuation { stopped = $0 }
    }

    private func start() {
        for server in servers {
            server.assumeIsolated { $0.start() }
        }
    }

    /// Begins every server's stop sequence, the last configured first.
    public func stop() {
        isStopping = true
        stopped?.resume()
        stopped = nil
        for server in servers.reversed() {
            server.assumeIsolated { $0.leave() }
        }
    }

    /// Returns when it has had its turn on the loop. Whoever watches over the process asks it now and then.
    public func takeTurn() {}

    /// Kills what still runs, at once: for a second interrupt, when nobody wants to wait.
    public func kill() {
        for server in servers {
            server.assumeIsolated { $0.connection?.kill() }
        }
    }
}
