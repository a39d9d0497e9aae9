public import JSONRPC
public import MCP
internal import NIOCore

extension InstancePool: Callee {
    /// The name in the configuration.
    public nonisolated var name: String { base.name }

    /// Asks what the server is; the first instance knows.
    public nonisolated func describe(
        for caller: Caller, _ completion: @escaping @Sendable (Result<ServerDescription, Unavailability>) -> Void
    ) {
        base.assumeIsolated { $0.describe(completion) }
    }

    /// What the first instance has told, as long as it can be called soon.
    public nonisolated func knownDescription(for caller: Caller) -> ServerDescription? {
        base.knownDescription.value
    }

    /// Tells `observer` what concerns this caller.
    public nonisolated func attach(_ observer: any ServerObserver, as caller: Caller) {
        assumeIsolated { $0.add(observer, as: caller) }
    }

    /// Tells this caller's observer of changes no more.
    public nonisolated func unobserve(_ caller: CallerID) {
        assumeIsolated { $0.silence(caller) }
    }

    /// Forgets a caller that is gone, and stops the instance that served it alone.
    public nonisolated func detach(_ caller: CallerID) {
        assumeIsolated { $0.remove(caller) }
    }

    /// Makes a call.
    public nonisolated func call(
        _ message: Message, id: RequestID, by caller: Caller, headers: [ForwardedHeader], sink: any CallerSink
    ) {
        var context = CallContext(headers: headers, profile: caller.profile)
        let sink = meter?.following(message, into: sink) ?? sink
        guard !isPlain.value else {
            return base.assumeIsolated { [context] in
                $0.call(message, id: id, by: caller.id, context: context, sink: sink)
            }
        }
        context.logLevel = assumeIsolated { $0.logLevel(of: caller.id) }
        at(caller, id, sink) { [context] server in
            server.call(message, id: id, by: caller.id, context: context, sink: sink)
        }
    }

    /// Makes the only call of a caller: as long as all are served by the first instance it need not be known there.
    public nonisolated func callOnce(
        _ message: Message, id: RequestID, by caller: Caller, observer: any ServerObserver,
        headers: [ForwardedHeader], sink: any CallerSink
    ) {
        guard isPlain.value else {
            return callAttached(message, id: id, by: caller, observer: observer, headers: headers, sink: sink)
        }
        let context = CallContext(headers: headers, profile: caller.profile, observer: observer)
        let sink = meter?.following(message, into: sink) ?? sink
        base.assumeIsolated { server in
            if server.onQuestion == nil { server.onQuestion = noticesQuestions }
            server.call(message, id: id, by: caller.id, context: context, sink: sink)
        }
    }

    /// Cancels a call of this caller's.
    @discardableResult
    public nonisolated func cancel(_ notification: Message, by caller: CallerID) -> Bool {
        assumeIsolated { pool in
            pool.places(of: caller).contains { $0.assumeIsolated { $0.cancel(notification, by: caller) } }
        }
    }

    /// How many calls of this caller wait for an answer.
    public nonisolated func callsInFlight(of caller: CallerID) -> Int {
        assumeIsolated { pool in
            let elsewhere = pool.presentHome(of: caller)?.assumeIsolated { $0.callsInFlight(of: caller) } ?? 0
            return elsewhere + base.assumeIsolated { $0.callsInFlight(of: caller) }
        }
    }

    /// From now on this caller gets log messages of this level and above.
    public nonisolated func setLogLevel(_ level: LoggingLevel, of caller: CallerID) {
        assumeIsolated { $0.keep(level, of: caller) }
    }

    /// Has this caller told of updates of a resource.
    public nonisolated func subscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        at(caller, id, sink) { $0.subscribe(message, id: id, by: caller.id, sink: sink) }
    }

    /// Has this caller told of updates of a resource no more.
    public nonisolated func unsubscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        assumeIsolated { pool in
            // It may have subscribed before it got an instance of its own.
            let uri = message.paramsURI ?? ""
            let places = pool.places(of: caller.id)
            let holder = places.first { $0.assumeIsolated { $0.isSubscribed(caller.id, to: uri) } } ?? base
            holder.assumeIsolated { $0.unsubscribe(message, id: id, by: caller.id, sink: sink) }
        }
    }

    /// Gives a client's answer to the instance that asked.
    @discardableResult
    public nonisolated func answer(_ request: ServerRequestID, with response: Message, by caller: CallerID) -> Bool {
        assumeIsolated { pool in
            pool.places(of: caller).contains { $0.assumeIsolated { $0.answer(request, with: response, by: caller) } }
        }
    }

    /// Passes on what a client says of its progress with a question.
    public nonisolated func report(_ progress: Message, on request: ServerRequestID, by caller: CallerID) {
        assumeIsolated { pool in
            for place in pool.places(of: caller) {
                place.assumeIsolated { $0.report(progress, on: request, by: caller) }
            }
        }
    }

    /// Passes on a notification of this caller's to the instance that serves it alone, if there is one.
    public nonisolated func notify(_ notification: Message, by caller: CallerID) {
        assumeIsolated { pool in
            pool.presentHome(of: caller)?.assumeIsolated { $0.notify(notification, by: caller) }
        }
    }

    /// Where calls of this caller may be: it may have made some before it got another instance, and before its instance
    /// was told to end.
    private nonisolated func places(of caller: CallerID) -> [ManagedServer] {
        assumeIsolated { pool in (pool.presentHome(of: caller).map { [$0, base] } ?? [base]) + pool.leaving }
    }

    private nonisolated func at(
        _ caller: Caller, _ id: RequestID, _ sink: any CallerSink, _ action: @Sendable (isolated ManagedServer) -> Void
    ) {
        assumeIsolated { pool in
            guard pool.isSplit else { return base.assumeIsolated(action) }
            do throws(Unavailability) {
                try pool.home(of: caller).assumeIsolated(action)
            } catch {
                sink.finish(.unavailable(error, id: id))
            }
        }
    }
}
