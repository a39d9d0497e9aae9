internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// Serves the clients of MCP 2026-07-28, who have no sessions: each request is a caller of its own, and what outlives
/// one, a call that waits for its client's input or a subscription, is kept here, within bounds.
///
/// It and all that it makes are objects bound to the event loop, as the connections are: a request goes through many
/// hands here, and each would cost the entry into an actor.
public final class StatelessDesk {
    /// The loop to which it is bound.
    let eventLoop: any EventLoop
    private let gateway: Gateway
    private let limits: StatelessLimits
    private var parked: ParkedCalls
    private var expiry: Scheduled<Void>?
    private var books: [String: ParameterBook] = [:]
    private var listenings: [ObjectIdentifier: Listening] = [:]

    /// A desk of a gateway. Made and used on its event loop.
    public init(_ gateway: Gateway, limits: StatelessLimits = StatelessLimits()) {
        self.gateway = gateway
        self.limits = limits
        eventLoop = gateway.eventLoop
        parked = ParkedCalls(capacity: limits.parkedCalls, perPrincipal: limits.parkedCallsPerPrincipal)
    }

    /// Takes a request. `sink` is finished exactly once, perhaps before this returns, unless the client goes before.
    ///
    /// - Returns: what is to be told when the client goes.
    public func take(_ request: StatelessRequest, sink: any StatelessSink) -> (any StatelessExchange)? {
        var logLevel: LoggingLevel?
        if let text = request.metadata.logLevel {
            guard let level = LoggingLevel(rawValue: text) else {
                sink.finish(.error(request.id, ModernError(.invalidParams, "unknown log level \"\(text)\"")))
                return nil
            }
            logLevel = level
        }
        let caller = Caller(
            gateway.takeCallerID(),
            ClientProfile(
                principal: request.principalKey,
                capabilities: ClientCapabilities(json: request.metadata.capabilities),
                clientInfo: request.metadata.clientInfo, revision: .newestModern))
        switch request.method {
        case "server/discover":
            answer(request, of: caller, into: sink) {
                StatelessAnswer(MessageBuilder.result(id: request.id, $0.discoverResult))
            }
            return nil
        case "subscriptions/listen":
            return listen(request, caller, sink)
        default:
            return call(request, caller, logLevel, sink)
        }
    }

    private func listen(
        _ request: StatelessRequest, _ caller: Caller, _ sink: any StatelessSink
    ) -> (any StatelessExchange)? {
        if let reason = crowd(of: caller.profile.principal) {
            sink.finish(.error(request.id, ModernError(.internalError, reason)))
            return nil
        }
        let listening: Listening
        do throws(ModernError) {
            listening = try Listening(request, caller: caller, desk: self, sink: sink)
        } catch {
            sink.finish(.error(request.id, error))
            return nil
        }
        listenings[ObjectIdentifier(listening)] = listening
        listening.begin()
        return listening
    }

    /// Why no further subscription of this principal's is taken, if none is.
    private func crowd(of principal: PrincipalKey) -> String? {
        guard listenings.count < limits.listens else {
            return "\(limits.listens) subscriptions are open already (limits.listens)"
        }
        let own = listenings.values.count { $0.principal == principal }
        guard own >= limits.listensPerPrincipal else { return nil }
        return "\(own) subscriptions of the same token's are open already (limits.listensPerToken)"
    }

    func forget(_ listening: Listening) {
        listenings[ObjectIdentifier(listening)] = nil
    }

    /// Ends every subscription in order, because the gateway stops.
    public func closeAll() {
        let open = listenings.values
        listenings = [:]
        for listening in open { listening.close() }
    }

    // MARK: Calls

    private func call(
        _ request: StatelessRequest, _ caller: Caller, _ logLevel: LoggingLevel?, _ sink: any StatelessSink
    ) -> (any StatelessExchange)? {
        let retry: InputRequired.Retry?
        do throws(InputRequired.Malformed) {
            retry = try InputRequired.Retry(request.message)
        } catch {
            sink.finish(.error(request.id, ModernError(.invalidParams, "\"\(error.key)\" must be \(error.type)")))
            return nil
        }
        guard let retry else { return begin(request, caller, logLevel, sink) }
        let request = request.plain(retry.plain)
        guard let state = retry.state else { return begin(request, caller, logLevel, sink) }
        if let mismatch = knownMismatch(in: request) {
            sink.finish(.error(request.id, mismatch))
            return nil
        }
        guard let content = parked.redeem(state, by: request.holder, now: .now()) else {
            sink.finish(.error(request.id, Self.unknownState))
            return nil
        }
        switch content {
        case .call(let call):
            call.goOn(request, answers: retry.responses, logLevel: logLevel, sink: sink)
            return call
        case .repetition(let visits):
            switch VisitedURLs(visits, answers: retry.responses) {
            case .all: return begin(request, caller, logLevel, sink)
            case .refused: answer(request, of: caller, into: sink) { Self.refusal(of: request, $0.mark) }
            case .missing: sendAway(visits, request, caller, sink)
            }
            return nil
        }
    }

    private func begin(
        _ request: StatelessRequest, _ caller: Caller, _ logLevel: LoggingLevel?, _ sink: any StatelessSink
    ) -> StatelessCall {
        let call = StatelessCall(request, caller: caller, logLevel: logLevel, desk: self, sink: sink)
        call.begin()
        return call
    }

    /// Tells which arguments of the tool that is called go into headers: at once if nothing must be asked for it.
    func lookUpParameters(of request: StatelessRequest, _ completion: @escaping (ParameterHeaders?) -> Void) {
        let book = book(of: request.route)
        guard !book.isEmpty else { return completion(nil) }
        book.lookUp(request.message.paramsName ?? "", completion)
    }

    /// The same for a call that is made again, as far as it is known without asking: its server knows it already.
    private func knownMismatch(in request: StatelessRequest) -> ModernError? {
        guard request.method == "tools/call" else { return nil }
        let headers = book(of: request.route).known(request.message.paramsName ?? "")
        return headers.flatMap { request.mismatch(with: $0) }
    }

    private func book(of route: Route) -> ParameterBook {
        if let book = books[route.name], book.callee === route.callee { return book }
        books[route.name]?.end()
        let caller = Caller(gateway.takeCallerID(), ClientProfile(principal: .gateway))
        let book = ParameterBook(route.callee, caller: caller, eventLoop: eventLoop)
        books[route.name] = book
        book.begin()
        return book
    }

    /// Keeps a call, or what must be done before it is made again, until its client comes back.
    ///
    /// - Parameter bytes: how long what is kept with it is.
    func park(
        _ content: ParkedCalls.Content, for holder: ParkedCalls.Holder, bytes: Int
    ) -> Result<String, ModernError> {
        let deadline = NIODeadline.now() + TimeAmount(limits.parkedCallAge)
        do throws(ParkedCalls.Refusal) {
            let state = try parked.park(content, for: holder, bytes: bytes, until: deadline)
            scheduleExpiry()
            return .success(state)
        } catch {
            return .failure(Self.tooManyParked(error))
        }
    }

    private func scheduleExpiry() {
        guard expiry == nil, parked.count > 0 else { return }
        let pause = min(TimeAmount(limits.parkedCallAge / 4) + .milliseconds(1), .seconds(10))
        expiry = eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            guard let self else { return }
            expiry = nil
            for case .call(let call) in parked.removeAll(overdueAt: .now()) { call.expire() }
            scheduleExpiry()
        }
    }

    static let unknownState = ModernError(
        .invalidParams, "requestState is unknown, expired, used already or for another request: make the call anew")

    private static func tooManyParked(_ refusal: ParkedCalls.Refusal) -> ModernError {
        switch refusal {
        case .full:
            ModernError(.internalError, "too many calls wait for their clients' input already (limits.parkedCalls)")
        case .tooManyBytes:
            ModernError(.internalError, "the calls that wait for their clients' input are too long together")
        case .fullForPrincipal:
            ModernError(
                .internalError, "too many calls of the same token's wait for input already (limits.parkedCallsPerToken)"
            )
        }
    }
}
