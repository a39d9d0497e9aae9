public import JSONRPC
public import MCP

/// What callers call: one server, or several that look like one. Everything here is called on the event loop and
/// returns at once.
public protocol Callee: AnyObject, Sendable {
    /// For messages and the log.
    var name: String { get }

    /// Asks what it is. The last known description answers at once, even while the server restarts.
    func describe(
        for caller: Caller, _ completion: @escaping @Sendable (Result<ServerDescription, Unavailability>) -> Void)
    /// What `describe` would tell at once; `nil` if it must be asked.
    func knownDescription(for caller: Caller) -> ServerDescription?

    /// From now on `observer` is told what concerns this caller and no call of its own. Attached again, a caller is
    /// known as it is described then.
    func attach(_ observer: any ServerObserver, as caller: Caller)
    /// Tells this caller's observer nothing any more, because another callee has taken the place of this one. Calls that
    /// are in flight are answered.
    func unobserve(_ caller: CallerID)
    /// Forgets a caller that is gone: cancels its calls, and lets go of what was kept for it.
    func detach(_ caller: CallerID)

    /// Makes a call. `sink` is finished exactly once.
    ///
    /// While the server starts or restarts the call waits, since it was never sent; a call that was sent when the
    /// server died is answered with an error and never repeated.
    ///
    /// - Parameter headers: what is sent along with it if the server is reached over HTTP.
    func call(
        _ message: Message, id: RequestID, by caller: Caller, headers: [ForwardedHeader], sink: any CallerSink)
    /// Makes the only call of a caller that is not attached: `observer` is told what concerns it until the call is over,
    /// and then nothing more is known of it but what it was asked. So it is detached only if it was asked something, or
    /// is gone before the answer.
    func callOnce(
        _ message: Message, id: RequestID, by caller: Caller, observer: any ServerObserver,
        headers: [ForwardedHeader], sink: any CallerSink)
    /// Passes a `notifications/cancelled` on, if it cancels a call of this caller's that is still in flight.
    ///
    /// - Returns: whether there was such a call.
    func cancel(_ notification: Message, by caller: CallerID) -> Bool
    /// How many calls of this caller wait for an answer, sent or not.
    func callsInFlight(of caller: CallerID) -> Int

    /// From now on this caller gets log messages of this level and above.
    func setLogLevel(_ level: LoggingLevel, of caller: CallerID)
    /// Takes a `resources/subscribe` of this caller's. `sink` is finished exactly once.
    func subscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink)
    /// Takes a `resources/unsubscribe` of this caller's. `sink` is finished exactly once.
    func unsubscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink)

    /// Gives the client's answer to what its server asked (`ServerObserver.asked`): a response, under whatever id.
    ///
    /// - Returns: whether the question was open and put to this caller.
    @discardableResult
    func answer(_ request: ServerRequestID, with response: Message, by caller: CallerID) -> Bool
    /// Passes on a `notifications/progress` of the client's about what its server asked, under whatever token.
    func report(_ progress: Message, on request: ServerRequestID, by caller: CallerID)
    /// Passes on another notification of this caller's: `notifications/roots/list_changed`.
    func notify(_ notification: Message, by caller: CallerID)
}

extension Callee {
    /// Nothing is told before it was asked.
    public func knownDescription(for caller: Caller) -> ServerDescription? { nil }

    /// Attaches the caller for as long as the call goes on.
    public func callOnce(
        _ message: Message, id: RequestID, by caller: Caller, observer: any ServerObserver,
        headers: [ForwardedHeader], sink: any CallerSink
    ) {
        callAttached(message, id: id, by: caller, observer: observer, headers: headers, sink: sink)
    }

    func callAttached(
        _ message: Message, id: RequestID, by caller: Caller, observer: any ServerObserver,
        headers: [ForwardedHeader], sink: any CallerSink
    ) {
        attach(observer, as: caller)
        call(message, id: id, by: caller, headers: headers, sink: DetachingSink(self, caller.id, next: sink))
    }
}
