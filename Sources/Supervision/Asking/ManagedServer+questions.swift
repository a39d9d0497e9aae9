internal import GatewayLog
public import JSONRPC
internal import Logging
internal import MCP
internal import NIOCore

// What the server asks of its clients, and what they answer.

extension ManagedServer {
    /// Takes a request of the server's. A ping is answered here; what can be asked of a client goes to the one that it
    /// is certainly meant for, and to nobody if that cannot be told.
    func take(question request: Message, during call: RequestID?) {
        guard let id = request.id else { return }
        if request.isMethod("ping") { return tell(MessageBuilder.result(id: id, ByteBuffer(string: "{}"))) }
        guard let kind = ClientQuestion(request) else {
            return refuse(
                id, .methodNotFound, "the gateway declared no capability for \(request.methodName ?? "this method")")
        }
        // A server that always tells in the course of which call it asks can go on serving everybody.
        if role == .shared, description?.isLegacy ?? true { onQuestion?() }
        switch multiplexer.attribution(during: call, now: now) {
        case .call(let upstreamID, let exchange):
            put(request, kind, id, to: exchange.caller, for: upstreamID, in: exchange)
        case .caller(let caller, let newest):
            put(request, kind, id, to: caller, for: nil, in: newest)
        case .over:
            refuse(id, .internalError, "the call in the course of which this was asked is over")
        case .nobody:
            guard case .session(let owner) = role else {
                return refuse(id, .internalError, "no call is in flight, so nobody can be asked: \(advice)")
            }
            put(request, kind, id, to: owner, for: nil, in: nil)
        case .ambiguous:
            guard case .session(let owner) = role else {
                logWithinAllowance(.questionRefused, [.method: "\((request.methodName ?? "").cut(to: 100))"])
                return refuse(
                    id, .internalError,
                    "calls of several clients are in flight, or one was cancelled a moment ago, and nothing tells for which "
                        + "of them this is asked: "
                        + advice)
            }
            put(request, kind, id, to: owner, for: nil, in: nil)
        }
    }

    /// What its operator can do about a question that was refused.
    private var advice: String {
        switch role {
        case .shared where specification.isolation.isInteractive:
            "clients that can be asked have instances of their own, and this one is shared by all others"
        case .shared: "set \"interactive\" or \"isolation\" in the gateway's configuration of this server"
        case .principal where specification.isolation.mode == .principal:
            "set \"isolation\": \"session\" in the gateway's configuration of this server, or \"interactive\" without isolation"
        case .principal:
            "clients without sessions share this instance; with \"interactive\" and without isolation each call has its own"
        case .session, .loan: "nobody but the client whose call goes on can be asked here"
        }
    }

    private func put(
        _ request: Message, _ kind: ClientQuestion, _ id: RequestID, to caller: CallerID, for call: Int?,
        in exchange: Multiplexer.Exchange?
    ) {
        guard let observer = observer(of: caller, else: exchange?.context.observer) else {
            return refuse(id, .internalError, "the client that would be asked is gone")
        }
        do throws(ServerRequests.Refusal) {
            let question = try questions.open(
                id, progressToken: request.metaProgressToken, to: caller, for: call,
                observer: exchange?.context.observer, deadline: now + specification.questionTimeout)
            if kind == .elicitation, let elicitation = request.elicitationID {
                elicitations.add(elicitation, of: caller)
            }
            scheduleSweep()
            observer.asked(ServerRequest(id: question, message: request, sink: exchange?.sink))
        } catch {
            switch error {
            case .duplicate: logWithinAllowance(.notificationDropped, [.method: "a question asked twice"])
            case .tooMany(let limit): refuse(id, .internalError, "\(limit) questions are open already")
            }
        }
    }

    private func refuse(_ id: RequestID, _ code: ErrorCode, _ message: String) {
        tell(MessageBuilder.error(id: id, code: code.rawValue, message: message))
    }

    // MARK: Clients

    /// Gives a client's answer to the server. A second one is ignored.
    ///
    /// - Returns: whether the question was open and put to this caller.
    @discardableResult
    public func answer(_ request: ServerRequestID, with response: Message, by caller: CallerID) -> Bool {
        guard let question = questions.answer(request, by: caller) else { return false }
        tell(response.rewriting(id: question.upstreamID.json))
        resume(question)
        return true
    }

    /// Passes on what a client says of its progress with a question.
    public func report(_ progress: Message, on request: ServerRequestID, by caller: CallerID) {
        guard let token = questions.find(request, of: caller)?.progressToken else { return }
        tell(progress.rewriting(progressToken: token))
    }

    /// Passes on a notification of the one client that this instance serves.
    public func notify(_ notification: Message, by caller: CallerID) {
        guard role == .session(caller) else { return }
        tell(notification.singleLine)
    }

    // MARK: Ends

    /// The server takes a question back.
    func withdraw(_ notification: Message) {
        guard let id = notification.cancelledRequestID, let question = questions.withdraw(id) else { return }
        tellWithdrawn(question)
        resume(question)
    }

    /// Questions that nobody needs to answer any more, while the server still waits for it.
    func end(_ ended: [ServerRequests.Question], because reason: String) {
        for question in ended {
            refuse(question.upstreamID, .internalError, reason)
            tellWithdrawn(question)
        }
    }

    private func tellWithdrawn(_ question: ServerRequests.Question) {
        observer(of: question.caller, else: question.observer)?.withdrawn(question.id)
    }

    /// Who hears what concerns a caller: whoever is attached for it, or else stands for it in its only call.
    private func observer(of caller: CallerID, else other: (any ServerObserver)?) -> (any ServerObserver)? {
        listeners[caller]?.observer ?? other
    }

    func giveUpQuestions() {
        guard !questions.isEmpty else { return }
        let overdue = questions.removeAll(overdueAt: now)
        end(overdue, because: "the client has not answered within \(specification.questionTimeout.spoken)")
        for question in overdue { resume(question) }
    }

    /// The time of a call runs on from the beginning once its client has answered.
    private func resume(_ question: ServerRequests.Question) {
        probe.waited(until: now)
        let deadline = now + specification.callTimeout
        if let call = question.call {
            multiplexer.extend(call, to: deadline)
        } else {
            multiplexer.extendAll(of: question.caller, to: deadline)
        }
    }

    /// The connection has ended, and with it whatever was asked on it.
    func forgetConversation() {
        for question in questions.removeAll() { tellWithdrawn(question) }
        elicitations = ElicitationOwners()
        ownRequests = [:]
        logLevels.forgetTold()
    }

    // MARK: Elicitation by URL

    /// An error may demand that its client visits a URL first (MCP 2025-11-25 "URL Elicitation Required", -32042). When
    /// that is done, only a caller that is attached can be told.
    func noteElicitations(demandedBy answer: Message, of caller: CallerID) {
        guard listeners[caller] != nil, let error = answer.error.flatMap({ JSONOutline.members(of: $0) }),
            let code = error.first(where: { $0.key == "code" }), String(buffer: code.value) == "-32042",
            let data = error.first(where: { $0.key == "data" }).flatMap({ JSONOutline.members(of: $0.value) }),
            let list = data.first(where: { $0.key == "elicitations" }).flatMap({ JSONOutline.elements(of: $0.value) })
        else { return }
        for elicitation in list.prefix(ServerRequests.capacityPerCaller) {
            let id = JSONOutline.members(of: elicitation)?.first { $0.key == "elicitationId" }
            if let id = id.flatMap({ JSONOutline.string($0.value) }) { elicitations.add(id, of: caller) }
        }
    }

    func deliverCompletion(_ notification: Message) {
        let owner = notification.elicitationID.flatMap { elicitations.take($0) }
        if let owner {
            listeners[owner]?.observer.notified(notification)
        } else if !deliverToOwner(notification, "notifications/elicitation/complete") {
            dropNotification("notifications/elicitation/complete", because: .unattributed)
        }
    }
}

extension Message {
    /// `params.elicitationId`.
    fileprivate var elicitationID: String? {
        params.flatMap { JSONOutline.members(of: $0) }?.first { $0.key == "elicitationId" }
            .flatMap { JSONOutline.string($0.value) }
    }
}
