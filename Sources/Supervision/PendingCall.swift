internal import JSONRPC

/// A call as its caller made it, before it is sent.
struct PendingCall {
    let message: Message
    /// Its id, as the caller chose it.
    let id: RequestID
    let caller: CallerID
    let sink: any CallerSink
    /// What goes along with it.
    let context: CallContext
    /// Whether a connection has taken it and given it back.
    let wasReturned: Bool
    /// The resource that its caller subscribes to with it; `nil` for any other call.
    let subscribesTo: String?

    init(
        _ message: Message, id: RequestID, caller: CallerID, sink: any CallerSink, context: CallContext = .none,
        wasReturned: Bool = false, subscribesTo: String? = nil
    ) {
        self.message = message
        self.id = id
        self.caller = caller
        self.sink = sink
        self.context = context
        self.wasReturned = wasReturned
        self.subscribesTo = subscribesTo
    }

    /// The same call with another message, or with another place for what comes of it.
    func with(_ message: Message, _ sink: any CallerSink) -> PendingCall {
        PendingCall(
            message, id: id, caller: caller, sink: sink, context: context, wasReturned: wasReturned,
            subscribesTo: subscribesTo)
    }
}
