internal import GatewayLog
public import JSONRPC
internal import Logging
public import MCP
internal import NIOCore

// What callers hear that belongs to no call of theirs, and what the server is asked on behalf of all of them.

extension ManagedServer {
    /// How long the server logs more than anybody wants, in case somebody comes who does.
    private static let loweringDelay = TimeAmount.seconds(1)

    // MARK: Log messages

    /// From now on this caller gets log messages of this level and above.
    public func setLogLevel(_ level: LoggingLevel, of caller: CallerID) {
        logLevels.set(level, of: caller)
        adjustLogLevel()
    }

    /// What this caller has asked for.
    func logLevel(of caller: CallerID) -> LoggingLevel? {
        logLevels.level(of: caller)
    }

    private func adjustLogLevel() {
        guard readyConnection != nil, description?.features.contains(.logging) == true else { return }
        if logLevels.mustRaise {
            tellLogLevel()
        } else if logLevels.canLower, quieting == nil {
            quieting = eventLoop.assumeIsolated().scheduleTask(in: Self.loweringDelay) {
                self.assumeIsolated { server in
                    server.quieting = nil
                    if server.readyConnection != nil { server.tellLogLevel() }
                }
            }
        }
    }

    private func tellLogLevel() {
        guard let level = logLevels.tell() else { return }
        let params = JSONText.object([("level", JSONText.quotedBuffer(level.rawValue))])
        ask("logging/setLevel", params, .setLevel)
    }

    /// A log message may hold what only one client should read: it goes to those that it certainly concerns.
    func deliverLog(_ notification: Message, during call: RequestID?) {
        let level = notification.logLevel
        switch multiplexer.attribution(during: call, now: now) {
        case .call(_, let exchange), .caller(_, let exchange):
            if logLevels.admits(level, to: exchange.caller) { exchange.sink.deliver(notification.singleLine) }
        case .over, .nobody, .ambiguous:
            switch role {
            // A borrowed instance may still speak of the call before.
            case .shared, .loan: dropNotification("notifications/message", because: .unattributed)
            case .principal, .session:
                for (caller, listener) in listeners where logLevels.admits(level, to: caller) {
                    listener.observer.notified(notification)
                }
            }
        }
    }

    // MARK: Resources

    /// Has this caller told of updates of a resource. `sink` is finished exactly once.
    public func subscribe(_ message: Message, id: RequestID, by caller: CallerID, sink: any CallerSink) {
        guard let uri = message.paramsURI else { return sink.finish(.message(Self.noURI(id))) }
        take(PendingCall(message, id: id, caller: caller, sink: sink, subscribesTo: uri))
    }

    /// Has this caller told of updates of a resource no more. `sink` is finished exactly once.
    public func unsubscribe(_ message: Message, id: RequestID, by caller: CallerID, sink: any CallerSink) {
        guard let uri = message.paramsURI else { return sink.finish(.message(Self.noURI(id))) }
        if subscriptions.unsubscribe(caller, from: uri) { release(uri) }
        sink.finish(.message(Self.granted(id)))
    }

    /// Keeps for a caller what was kept for it at another instance, which is told that it does not want it any more.
    func moveSubscriptions(of caller: CallerID, from other: ManagedServer) {
        let uris = other.assumeIsolated { other in
            let uris = other.subscriptions.held(by: caller)
            for uri in uris where other.subscriptions.unsubscribe(caller, from: uri) { other.release(uri) }
            return uris
        }
        // Without a connection they are asked for when there is one.
        for uri in subscriptions.adopt(uris, of: caller) where readyConnection != nil { request(uri) }
    }

    /// Whether this caller is subscribed to this resource here, or will be.
    func isSubscribed(_ caller: CallerID, to uri: String) -> Bool {
        subscriptions.concerns(uri, caller)
    }

    func take(_ call: PendingCall, subscribingTo uri: String) {
        switch subscriptions.subscribe(call, to: uri, deadline: now + specification.callTimeout) {
        case .grant: call.sink.finish(.message(Self.granted(call.id)))
        case .wait: scheduleSweep()
        case .ask:
            scheduleSweep()
            request(uri)
        case .refuse(let refusal):
            call.sink.finish(
                .message(
                    MessageBuilder.error(
                        id: call.id, code: refusal.code.rawValue, message: refusal.description)))
        }
    }

    private func request(_ uri: String) {
        let params = JSONText.object([("uri", JSONText.quotedBuffer(uri))])
        ask("resources/subscribe", params, .subscribe) { $0.subscriptions.asked(for: uri, as: $1) }
    }

    private func release(_ uri: String) {
        let params = JSONText.object([("uri", JSONText.quotedBuffer(uri))])
        ask("resources/unsubscribe", params, .unsubscribe) { $0.subscriptions.releasing(uri, as: $1) }
    }

    func deliverUpdate(_ notification: Message) {
        guard let uri = notification.paramsURI else { return }
        for caller in subscriptions.holders(of: uri) { listeners[caller]?.observer.notified(notification) }
    }

    // MARK: Lists

    func listChanged(_ feature: Feature) {
        if feature == .tools { toolListChanges += 1 }
        switch listChanges.changed(feature, now: now) {
        case .tell: tellListChange(feature)
        case .isPending: return
        case .wait(let until):
            listFlush = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(max(until - now, .zero))) {
                self.assumeIsolated { server in
                    for feature in server.listChanges.flush(now: server.now) { server.tellListChange(feature) }
                }
            }
        }
    }

    /// Tells callers that all lists may have changed. Servers do not come and go often, so this waits for nothing, and
    /// nothing that they say themselves waits for it.
    func announceLists(of features: Set<Feature>) {
        for feature in Feature.allCases where features.contains(feature) { tellListChange(feature) }
    }

    private func tellListChange(_ feature: Feature) {
        for listener in listeners.values where !listener.isFormer { listener.observer.listChanged(feature) }
    }

    // MARK: Anything else

    /// Passes on what can only be for the one client of this instance.
    func deliverToOwner(_ notification: Message, _ method: String) -> Bool {
        // Tasks are not offered, so nobody knows what the server speaks of.
        guard case .session(let owner) = role, method != "notifications/tasks/status" else { return false }
        listeners[owner]?.observer.notified(notification)
        return true
    }

    // MARK: A caller comes and goes, and so does the server

    func stopListening(_ caller: CallerID) {
        let (unanswered, released) = subscriptions.remove(caller)
        for call in unanswered { call.sink.finish(.cancelled(id: call.id)) }
        for uri in released { release(uri) }
        if logLevels.remove(caller) { adjustLogLevel() }
    }

    /// The server is ready and knows nothing of what it was told before.
    func restoreListening() {
        ownRequests = [:]
        logLevels.forgetTold()
        adjustLogLevel()
        for uri in subscriptions.connected() { request(uri) }
    }

    /// Takes over what another's callers want to hear.
    func takeOverListening(from predecessor: ManagedServer) {
        let (levels, held) = predecessor.assumeIsolated { ($0.logLevels, $0.subscriptions) }
        logLevels.takeOver(from: levels)
        subscriptions.takeOver(from: held)
    }

    // MARK: Requests of the gateway's own

    private func ask(
        _ method: String, _ params: ByteBuffer, _ kind: OwnRequest,
        _ register: (isolated ManagedServer, Int) -> Void = { _, _ in }
    ) {
        let id = multiplexer.takeID()
        register(self, id)
        ownRequests[id] = kind
        probe.told(now: now)
        do throws(UpstreamSendFailure) {
            guard let connection = readyConnection else { throw .closed }
            try connection.send(
                MessageBuilder.request(id: RequestID(id), method: method, params: params), context: .none)
        } catch {
            switch error {
            // Its end will be reported in a moment.
            case .closed: return
            case .backlogFull: failOwn(id)
            }
        }
    }

    /// Takes the answer to a request of the gateway's own. Returns whether it is one.
    func takeOwn(_ response: Message, _ id: RequestID) -> Bool {
        guard let number = Multiplexer.upstreamID(id), let kind = ownRequests.removeValue(forKey: number) else {
            return false
        }
        conclude(number, kind, error: response.error)
        return true
    }

    /// A request of the gateway's own will not be answered.
    func failOwn(_ id: Int) {
        guard let kind = ownRequests.removeValue(forKey: id) else { return }
        let error = JSONText.object([
            ("code", ByteBuffer(string: String(ErrorCode.internalError.rawValue))),
            ("message", JSONText.quotedBuffer("server \"\(name)\" did not answer")),
        ])
        conclude(id, kind, error: error)
    }

    private func conclude(_ id: Int, _ kind: OwnRequest, error: ByteBuffer?) {
        switch kind {
        case .setLevel: return
        case .subscribe, .unsubscribe:
            // Should the server refuse to let go, it is as if it had.
            let isSuccess = error == nil || kind == .unsubscribe
            guard let (uri, outcome) = subscriptions.answered(id, isSuccess: isSuccess) else { return }
            switch outcome {
            case .granted(let calls, let isRestored):
                for call in calls { call.sink.finish(.message(Self.granted(call.id))) }
                if isRestored { tellUpdate(of: uri) }
            case .refused(let calls):
                for call in calls {
                    call.sink.finish(.message(MessageBuilder.error(id: call.id, error ?? ByteBuffer())))
                }
            case .unwanted: release(uri)
            case .ask: request(uri)
            case .released: return
            }
        }
    }

    /// While the server was away the resource may have changed, and nobody could have said so.
    private func tellUpdate(of uri: String) {
        let params = JSONText.object([("uri", JSONText.quotedBuffer(uri))])
        let notification = MessageBuilder.notification(method: "notifications/resources/updated", params: params)
        if let message = try? Message(notification) { deliverUpdate(message) }
    }

    private static func granted(_ id: RequestID) -> ByteBuffer {
        MessageBuilder.result(id: id, ByteBuffer(string: "{}"))
    }

    private static func noURI(_ id: RequestID) -> ByteBuffer {
        MessageBuilder.error(
            id: id, code: ErrorCode.invalidParams.rawValue, message: "the request needs a \"uri\" string in its params")
    }
}

extension Subscriptions.Refusal {
    var code: ErrorCode {
        switch self {
        case .tooMany, .tooManyTogether: .internalError
        case .tooLong: .invalidParams
        }
    }

    var description: String {
        switch self {
        case .tooMany: "this session is subscribed to \(Subscriptions.capacityPerCaller) resources already"
        case .tooManyTogether: "\(Subscriptions.capacity) resources of this server are subscribed to already"
        case .tooLong: "the uri is longer than \(Subscriptions.uriLimit) bytes"
        }
    }
}

extension Message {
    /// `params.level`, if it is one.
    fileprivate var logLevel: LoggingLevel? {
        params.flatMap { JSONOutline.members(of: $0) }?.first { $0.key == "level" }
            .flatMap { JSONOutline.string($0.value) }.flatMap(LoggingLevel.init)
    }
}
