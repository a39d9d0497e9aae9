internal import GatewayLog
public import JSONRPC
internal import Logging
public import MCP
internal import NIOCore

// What callers do with a server: call it, cancel, ask what it is, watch it, leave.

extension ManagedServer {
    /// Makes a call. `sink` is finished exactly once.
    ///
    /// While the server starts or restarts the call waits, since it was never sent; a call that was sent when the
    /// server died is answered with an error and never repeated.
    ///
    /// - Parameter context: what goes along with it where the connection has a place for it.
    public func call(
        _ message: Message, id: RequestID, by caller: CallerID, context: CallContext = .none, sink: any CallerSink
    ) {
        take(PendingCall(message, id: id, caller: caller, sink: sink, context: context))
    }

    /// Makes a call now, or when the server can be called.
    func take(_ call: PendingCall) {
        guard !isWaitedFor(call.id, by: call.caller) else {
            return call.sink.finish(
                .message(
                    MessageBuilder.error(
                        id: call.id, code: ErrorCode.invalidRequest.rawValue,
                        message: "a request with this id waits for its answer already")))
        }
        if let connection = readyConnection {
            send(call, over: connection)
        } else {
            wait(for: .call(call))
        }
    }

    private func isWaitedFor(_ id: RequestID, by caller: CallerID) -> Bool {
        multiplexer.isInFlight(id, of: caller) || waitingRoom.isWaiting(id, of: caller)
            || subscriptions.isWaiting(id, of: caller)
    }

    /// Passes a `notifications/cancelled` on, if it cancels a call of this caller's that is still in flight.
    ///
    /// - Returns: whether there was such a call.
    @discardableResult
    public func cancel(_ notification: Message, by caller: CallerID) -> Bool {
        guard let range = notification.envelope.cancelledRequestID else { return false }
        let id = RequestID(json: notification.slice(range))
        if case .call(let call) = waitingRoom.cancel(id, of: caller) {
            call.sink.finish(.cancelled(id: id))
            return true
        }
        if let call = subscriptions.cancel(id, of: caller) {
            call.sink.finish(.cancelled(id: id))
            return true
        }
        guard let (upstreamID, exchange) = multiplexer.cancel(id, by: caller, now: now) else { return false }
        tell(notification.rewriting(cancelledRequestID: RequestID(upstreamID).json))
        end(questions.removeAll(for: upstreamID), because: "the call was cancelled")
        exchange.sink.finish(.cancelled(id: id))
        return true
    }

    /// Asks what the server is. The last known description answers at once, even while the server restarts.
    public func describe(_ completion: @escaping @Sendable (Result<ServerDescription, Unavailability>) -> Void) {
        if let description = knownDescription.value {
            completion(.success(description))
        } else {
            wait(for: .description(completion))
        }
    }

    /// How many calls of this caller wait for an answer, sent or not.
    public func callsInFlight(of caller: CallerID) -> Int {
        multiplexer.count(of: caller) + (waitingRoom.isEmpty ? 0 : waitingRoom.count(of: caller))
            + subscriptions.waiting(of: caller)
    }

    /// Tells `observer` what concerns this caller, until `detach`.
    public func attach(_ observer: any ServerObserver, as caller: CallerID) {
        listeners[caller] = Listener(observer: observer)
    }

    /// Tells this caller's observer of changes no more, because it is served elsewhere from now on. Its calls that are
    /// in flight are answered, and may lead to questions.
    public func unobserve(_ caller: CallerID) {
        listeners[caller]?.isFormer = true
    }

    /// Forgets a caller that is gone and cancels its calls.
    public func detach(_ caller: CallerID) {
        listeners[caller] = nil
        elicitations.remove(caller)
        end(questions.removeAll(of: caller), because: "the client is gone")
        stopListening(caller)
        // A client without a session comes and goes with each call.
        if !waitingRoom.isEmpty {
            for case .call(let call) in waitingRoom.removeAll(of: caller) {
                call.sink.finish(.cancelled(id: call.id))
            }
        }
        for (upstreamID, exchange) in multiplexer.removeAll(of: caller, now: now) {
            tellCancelled(upstreamID, reason: "the client is gone")
            exchange.sink.finish(.cancelled(id: exchange.id))
        }
    }

    /// Answers everybody who waits for this server, because the gateway will not be there for the real answer.
    public func abandonCalls() {
        turnAwayWaiting()
        end(questions.removeAll(), because: "the gateway is stopping")
        for exchange in multiplexer.removeAll() {
            exchange.sink.finish(.unavailable(stoppingGateway(), id: exchange.id))
        }
        for call in subscriptions.disconnected() {
            call.sink.finish(.unavailable(stoppingGateway(), id: call.id))
        }
    }

    // MARK: Sending

    private func send(_ call: PendingCall, over connection: any UpstreamConnection) {
        if let uri = call.subscribesTo { return take(call, subscribingTo: uri) }
        let now = now
        probe.told(isFirstCall: multiplexer.isEmpty, now: now)
        let call = translated(call)
        let (upstreamID, line) = multiplexer.open(
            call, deadline: now + specification.callTimeout, end: now + specification.callMaximum)
        do throws(UpstreamSendFailure) {
            try connection.send(line, context: call.context)
            scheduleSweep()
        } catch {
            _ = multiplexer.remove(upstreamID)
            switch error {
            case .closed:
                // Its end will be reported in a moment. The call was not sent, so it can wait for the next life.
                wait(for: .call(call))
            case .backlogFull(let bytes):
                call.sink.finish(.unavailable(unreadInput(bytes), id: call.id))
            }
        }
    }

    /// Takes a call back that never reached the server; it waits until the server can be called again. One that comes
    /// back a second time is given up, or it could go back and forth for ever.
    func takeBack(_ line: ByteBuffer) {
        guard let (call, wasReturned) = multiplexer.takeBack(line) else { return noteUnsent(line) }
        if wasReturned { turnAway(.call(call), because: notTaken()) } else { wait(for: .call(call)) }
    }

    /// Sends a notification. If it cannot be sent, the server is in no state to care.
    func tell(_ notification: ByteBuffer) {
        probe.told(now: now)
        try? readyConnection?.send(notification, context: .none)
    }

    func tellCancelled(_ upstreamID: Int, reason: String) {
        let params = JSONText.object([
            ("requestId", RequestID(upstreamID).json),
            ("reason", JSONText.quotedBuffer(reason)),
        ])
        tell(MessageBuilder.notification(method: "notifications/cancelled", params: params))
    }

    // MARK: Waiting

    func wait(for wish: WaitingRoom.Wish) {
        guard canBecomeReady else { return turnAway(wish) }
        guard !waitingRoom.isFull else { return turnAway(wish, because: crowd()) }
        waitingRoom.enter(wish, until: now + waitingTime(for: wish))
        scheduleSweep()
    }

    /// A first start may take long, and whoever waits for it has nothing yet; afterwards a short outage is bridged.
    private func waitingTime(for wish: WaitingRoom.Wish) -> Duration {
        switch wish {
        case .description: Self.startGrace
        case .call where hasBeenReady: Self.restartGrace
        // An instance beside the first is only started for its callers.
        case .call:
            role == .shared ? Self.startGrace : max(Self.startGrace, min(specification.startTimeout, .seconds(30)))
        }
    }

    /// Grants every wish that waited, now that the server is ready.
    func admitWaiting() {
        guard let connection = readyConnection, let description else { return }
        for wish in waitingRoom.leaveAll() {
            switch wish {
            case .call(let call):
                send(call, over: connection)
            case .description(let completion):
                completion(.success(description))
            }
        }
    }

    /// Sends everybody away who waited, because the server will not become ready by itself.
    func turnAwayWaiting() {
        for wish in waitingRoom.leaveAll() { turnAway(wish) }
    }

    func turnAway(_ wish: WaitingRoom.Wish) {
        turnAway(wish, because: unavailability())
    }

    private func turnAway(_ wish: WaitingRoom.Wish, because reason: Unavailability) {
        switch wish {
        case .call(let call): call.sink.finish(.unavailable(reason, id: call.id))
        case .description(let completion): completion(.failure(reason))
        }
    }

    // MARK: Deadlines

    /// One timer looks after every deadline of calls and waiting: it runs only while there are any.
    func scheduleSweep() {
        guard sweep == nil, !hasNothingDue else { return }
        sweep = eventLoop.assumeIsolated().scheduleTask(in: sweepInterval) {
            self.assumeIsolated { $0.sweepDeadlines() }
        }
    }

    private var hasNothingDue: Bool {
        multiplexer.isEmpty && waitingRoom.isEmpty && questions.isEmpty && subscriptions.waitingCount == 0
    }

    private func sweepDeadlines() {
        sweep = nil
        for wish in waitingRoom.leave(overdueAt: now) { turnAway(wish) }
        giveUpQuestions()
        let patience = specification.callTimeout.spoken
        for call in subscriptions.removeWaiting(overdueAt: now) {
            call.sink.finish(.message(timeout(of: call.id, patience)))
        }
        // Who is asked may take longer than a call.
        let now = now
        let overdue = multiplexer.removeAll(overdueAt: now) { questions.holdUp($0, of: $1.caller) }
        if !overdue.isEmpty { logWithinAllowance(.callTimedOut, [.count: "\(overdue.count)"]) }
        for (upstreamID, exchange) in overdue {
            let hasEnded = exchange.end <= now
            tellCancelled(upstreamID, reason: "the gateway's \(hasEnded ? "callMaximum" : "callTimeout") has passed")
            end(questions.removeAll(for: upstreamID), because: "the call has been given up")
            exchange.sink.finish(
                .message(hasEnded ? excess(of: exchange.id) : timeout(of: exchange.id, patience)))
        }
        scheduleSweep()
        if !overdue.isEmpty { lookAfterGivenUpCalls() }
    }

    private func excess(of id: RequestID) -> ByteBuffer {
        MessageBuilder.error(
            id: id, code: ErrorCode.internalError.rawValue,
            message: "server \"\(name)\" has not finished within \(specification.callMaximum.spoken) (callMaximum)")
    }

    private func timeout(of id: RequestID, _ patience: String) -> ByteBuffer {
        MessageBuilder.error(
            id: id, code: ErrorCode.internalError.rawValue,
            message: "server \"\(name)\" gave no answer and no progress for \(patience) (callTimeout)",
            data: ByteBuffer(string: #"{"callTimeoutMs":\#(specification.callTimeout / .milliseconds(1))}"#))
    }
}
