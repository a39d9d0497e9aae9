public import JSONRPC
public import MCP
internal import NIOCore

/// One configured server as callers reach it: finds the instance that serves a caller.
///
/// It lives on the event loop, beside its instances.
public actor InstancePool {
    /// The instance that is always supervised.
    public nonisolated let base: ManagedServer
    private nonisolated let executor: any SerialExecutor

    /// Runs on the event loop, where its servers are.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Puts callers before one server.
    public init(_ base: ManagedServer) {
        self.base = base
        executor = base.eventLoop.executor
    }

    /// What is run.
    public nonisolated var specification: ServerSpecification { base.specification }

    /// How the server stands.
    public func snapshot() -> ServerSnapshot {
        base.assumeIsolated { $0.snapshot() }
    }

    /// Answers everybody who waits for this server, because the gateway will not be there for the real answer.
    public func abandonCalls() {
        base.assumeIsolated { $0.abandonCalls() }
    }
}

extension InstancePool: Callee {
    /// The name in the configuration.
    public nonisolated var name: String { base.name }

    /// Asks what the server is.
    public nonisolated func describe(
        for caller: Caller, _ completion: @escaping @Sendable (Result<ServerDescription, Unavailability>) -> Void
    ) {
        base.assumeIsolated { $0.describe(completion) }
    }

    /// Tells `observer` what concerns this caller.
    public nonisolated func attach(_ observer: any ServerObserver, as caller: Caller) {
        base.assumeIsolated { $0.attach(observer, as: caller.id) }
    }

    /// Tells this caller's observer nothing any more.
    public nonisolated func unobserve(_ caller: CallerID) {
        base.assumeIsolated { $0.unobserve(caller) }
    }

    /// Forgets a caller that is gone.
    public nonisolated func detach(_ caller: CallerID) {
        base.assumeIsolated { $0.detach(caller) }
    }

    /// Makes a call.
    public nonisolated func call(
        _ message: Message, id: RequestID, by caller: Caller, headers: [ForwardedHeader], sink: any CallerSink
    ) {
        let context = CallContext(headers: headers, profile: caller.profile)
        base.assumeIsolated { $0.call(message, id: id, by: caller.id, context: context, sink: sink) }
    }

    /// Cancels a call of this caller's.
    @discardableResult
    public nonisolated func cancel(_ notification: Message, by caller: CallerID) -> Bool {
        base.assumeIsolated { $0.cancel(notification, by: caller) }
    }

    /// How many calls of this caller wait for an answer.
    public nonisolated func callsInFlight(of caller: CallerID) -> Int {
        base.assumeIsolated { $0.callsInFlight(of: caller) }
    }

    /// Nothing but the shared connection's own level is kept so far.
    public nonisolated func setLogLevel(_ level: LoggingLevel, of caller: CallerID) {}

    /// Passes it on like any call.
    public nonisolated func subscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        call(message, id: id, by: caller, headers: [], sink: sink)
    }

    /// Passes it on like any call.
    public nonisolated func unsubscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        call(message, id: id, by: caller, headers: [], sink: sink)
    }

    /// No server is let ask anything so far.
    @discardableResult
    public nonisolated func answer(_ request: ServerRequestID, with response: Message, by caller: CallerID) -> Bool {
        false
    }

    /// No server is let ask anything so far.
    public nonisolated func report(_ progress: Message, on request: ServerRequestID, by caller: CallerID) {}

    /// A shared server declares nothing that clients could notify it of.
    public nonisolated func notify(_ notification: Message, by caller: CallerID) {}
}
