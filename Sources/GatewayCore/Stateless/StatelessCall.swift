internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// One call of a client of MCP 2026-07-28, from its request to its answer: over several requests, if its server asks
/// something in between. Bound to the event loop, as all that serves clients without sessions.
///
/// The thin shell around `InputRounds`. To the server it looks like any caller; what the server asks becomes a result
/// that asks, and the call waits meanwhile.
final class StatelessCall: StatelessExchange {
    private let desk: StatelessDesk
    private let caller: Caller
    private let callee: any Callee
    /// The request, without what it brings along because it is made again.
    private let request: StatelessRequest
    private var mark = ServerMark.none

    private var rounds = InputRounds()
    /// The id and the sink of the request that the client makes at present; its progress token and log level.
    private var id: RequestID
    private var sink: (any StatelessSink)?
    private var progressToken: ByteBuffer?
    private var logLevel: LoggingLevel?
    /// Whether its callee may know anything of it.
    private var isKnown = false
    private var hasEnded = false

    /// How long further questions are waited for once there is one.
    private static let moment = TimeAmount.milliseconds(30)

    init(
        _ request: StatelessRequest, caller: Caller, logLevel: LoggingLevel?, desk: StatelessDesk,
        sink: any StatelessSink
    ) {
        self.desk = desk
        self.caller = caller
        callee = request.route.callee
        self.request = request
        id = request.id
        self.sink = sink
        progressToken = request.metadata.progressToken
        self.logLevel = logLevel
    }

    /// Makes the call, once the server is known.
    func begin() {
        if let description = callee.knownDescription(for: caller) { return call(description) }
        let link = StatelessCallLink(self, on: desk.eventLoop)
        callee.describe(for: caller) { link.described($0) }
    }

    func described(_ result: Result<ServerDescription, Unavailability>) {
        guard !hasEnded else { return }
        switch result {
        case .success(let description): call(description)
        case .failure(let unavailability): finished(.unavailable(unavailability, id: id))
        }
    }

    private func call(_ description: ServerDescription) {
        mark = description.mark
        let link = StatelessCallLink(self, on: desk.eventLoop)
        let sink: any CallerSink
        switch request.admission(to: description, into: link) {
        case .success(let admitted): sink = admitted
        case .failure(let refusal): return refuse(refusal)
        }
        guard request.method == "tools/call", request.parameters != nil else { return send(link, sink) }
        desk.lookUpParameters(of: request) { headers in
            guard !self.hasEnded else { return }
            if let mismatch = headers.flatMap({ self.request.mismatch(with: $0) }) {
                self.refuse(mismatch)
            } else {
                self.send(link, sink)
            }
        }
    }

    private func send(_ link: StatelessCallLink, _ sink: any CallerSink) {
        isKnown = true
        let message = request.canonical
        guard let logLevel else {
            return callee.callOnce(
                message, id: id, by: caller, observer: link, headers: request.headers, sink: sink)
        }
        callee.attach(link, as: caller)
        callee.setLogLevel(logLevel, of: caller.id)
        callee.call(message, id: id, by: caller, headers: request.headers, sink: sink)
    }

    private func refuse(_ error: ModernError) {
        let sink = sink
        end()
        sink?.finish(.error(id, error))
    }

    /// Goes on with a request that the client has made again.
    func goOn(
        _ request: StatelessRequest, answers: [(key: String, result: ByteBuffer)], logLevel: LoggingLevel?,
        sink: any StatelessSink
    ) {
        (id, self.sink, progressToken) = (request.id, sink, request.metadata.progressToken)
        if let logLevel, logLevel != self.logLevel { callee.setLogLevel(logLevel, of: caller.id) }
        self.logLevel = logLevel
        let (taken, next) = rounds.cameBack(with: answers)
        for (question, result) in taken { answer(question.id, MessageBuilder.result(id: id, result)) }
        perform(next)
    }

    /// Nobody has come back for it in time.
    func expire() {
        guard !hasEnded, rounds.isAway else { return }
        for question in rounds.questions {
            switch question.silence {
            case .cancelledElicitation:
                answer(question.id, MessageBuilder.result(id: id, ByteBuffer(string: #"{"action":"cancel"}"#)))
            case .error:
                refuse(question.id, .internalError, "the client did not come back with an answer in time")
            }
        }
        end()
    }

    private func perform(_ action: InputRounds.Action) {
        switch action {
        case .nothing:
            return
        case .waitAMoment:
            desk.eventLoop.assumeIsolated().scheduleTask(in: Self.moment) {
                self.perform(self.rounds.momentHasPassed())
            }
        case .ask(let questions):
            ask(questions)
        case .finish(let answer):
            let sink = sink
            end()
            sink?.finish(desk.answer(answer, to: request, id: id, caller.profile, mark))
        }
    }

    private func ask(_ questions: [InputRounds.Question]) {
        guard !hasEnded, let sink else { return }
        self.sink = nil
        switch desk.park(.call(self), for: request.holder, bytes: request.message.bytes.readableBytes) {
        case .failure(let refusal):
            sink.finish(.error(id, refusal))
            end()
        case .success(let state):
            let result = InputRequired.result(
                questions.map { ($0.key, $0.request) }, state: state, mark: mark)
            sink.finish(StatelessAnswer(MessageBuilder.result(id: id, result)))
        }
    }

    private func answer(_ question: ServerRequestID, _ response: ByteBuffer) {
        guard let message = try? Message(response) else { return }
        callee.answer(question, with: message, by: caller.id)
    }

    private func refuse(_ question: ServerRequestID, _ code: ErrorCode, _ reason: String) {
        answer(question, MessageBuilder.error(id: id, code: code.rawValue, message: reason))
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        sink = nil
        if isKnown { callee.detach(caller.id) }
    }

    // MARK: What comes from the server

    func finished(_ answer: Answer) {
        guard !hasEnded else { return }
        // The only call of a caller that was asked nothing and wanted no log leaves nothing behind.
        if logLevel == nil, !rounds.hasBegun { isKnown = false }
        perform(rounds.finished(answer))
    }

    /// Passes on what the request asked for: progress under its own token, log messages from its level up.
    func deliver(_ bytes: ByteBuffer) -> Bool {
        guard !hasEnded, let sink, let message = try? Message(bytes) else { return false }
        if message.isMethod("notifications/progress") {
            guard let progressToken else { return false }
            return sink.deliver(message.rewriting(progressToken: progressToken))
        }
        guard message.isMethod("notifications/message"), let logLevel, let level = LoggingLevel(of: message),
            level >= logLevel
        else { return false }
        return sink.deliver(message.singleLine)
    }

    func asked(_ question: ServerRequest) {
        guard InputRequired.isAllowed(for: request.method) else {
            return refuse(question.id, .internalError, "nothing can be asked in the course of \(request.method)")
        }
        let projected: Message
        switch ClientQuestion.projected(question.message, for: caller.profile) {
        case .success(let message): projected = message
        case .failure(let refusal): return refuse(question.id, refusal.code, refusal.message)
        }
        let isElicitation = projected.isMethod("elicitation/create")
        perform(
            rounds.asked(
                question.id, InputRequired.entry(for: projected),
                silence: isElicitation ? .cancelledElicitation : .error))
    }

    func withdrawn(_ question: ServerRequestID) {
        rounds.withdrawn(question)
    }

    // MARK: What comes from the client

    func clientHasGone() {
        // A client that has been asked has its answer; what closes then is only the response.
        if sink != nil { end() }
    }
}
