internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// One call of a client of MCP 2026-07-28, from its request to its answer: over several requests, if its server asks
/// something in between.
///
/// The thin shell around `InputRounds`. To the server it looks like any caller; what the server asks becomes a result
/// that asks, and the call waits meanwhile.
actor StatelessCall {
    private nonisolated let executor: any SerialExecutor
    private nonisolated let eventLoop: any EventLoop
    private let desk: StatelessDesk
    private let caller: Caller
    private let callee: any Callee
    /// The request, without what it brings along because it is made again.
    private let request: StatelessRequest
    private var serverInfo = ByteBuffer()

    private var rounds = InputRounds()
    /// The id and the sink of the request that the client makes at present; its progress token and log level.
    private var id: RequestID
    private var sink: (any StatelessSink)?
    private var progressToken: ByteBuffer?
    private var logLevel: LoggingLevel?
    private var hasEnded = false

    /// How long further questions are waited for once there is one.
    private static let moment = TimeAmount.milliseconds(30)

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        _ request: StatelessRequest, caller: Caller, logLevel: LoggingLevel?, desk: StatelessDesk,
        sink: any StatelessSink, eventLoop: any EventLoop
    ) {
        self.eventLoop = eventLoop
        executor = eventLoop.executor
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
        callee.describe(for: caller) { result in
            self.assumeIsolated { call in
                guard !call.hasEnded else { return }
                switch result {
                case .success(let description): call.call(description)
                case .failure(let unavailability): call.finished(.unavailable(unavailability, id: call.id))
                }
            }
        }
    }

    private func call(_ description: ServerDescription) {
        serverInfo = description.serverInfo
        let sink: any CallerSink
        switch request.admission(to: description, into: Sink(call: self)) {
        case .success(let admitted): sink = admitted
        case .failure(let refusal): return refuse(refusal)
        }
        guard request.method == "tools/call" else { return send(sink) }
        desk.checkParameters(of: request) { mismatch in
            self.assumeIsolated { call in
                guard !call.hasEnded else { return }
                if let mismatch { call.refuse(mismatch) } else { call.send(sink) }
            }
        }
    }

    private func send(_ sink: any CallerSink) {
        callee.attach(self, as: caller)
        if let logLevel { callee.setLogLevel(logLevel, of: caller.id) }
        callee.call(request.canonical, id: id, by: caller, headers: request.headers, sink: sink)
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
            eventLoop.assumeIsolated().scheduleTask(in: Self.moment) {
                self.assumeIsolated { $0.perform($0.rounds.momentHasPassed()) }
            }
        case .ask(let questions):
            ask(questions)
        case .finish(let answer):
            let sink = sink
            end()
            sink?.finish(desk.answer(answer, to: request, id: id, caller.profile, serverInfo))
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
                questions.map { ($0.key, $0.request) }, state: state, serverInfo: serverInfo)
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
        callee.detach(caller.id)
    }

    private func finished(_ answer: Answer) {
        guard !hasEnded else { return }
        perform(rounds.finished(answer))
    }

    /// Passes on what the request asked for: progress under its own token, log messages from its level up.
    private func deliver(_ bytes: ByteBuffer) -> Bool {
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

    /// What the server sends in the course of the call.
    private struct Sink: CallerSink {
        let call: StatelessCall

        func deliver(_ message: ByteBuffer) -> Bool { call.assumeIsolated { $0.deliver(message) } }

        func finish(_ answer: Answer) { call.assumeIsolated { $0.finished(answer) } }
    }
}

extension StatelessCall: ServerObserver {
    nonisolated func listChanged(_ feature: Feature) {}
    nonisolated func described(_ description: ServerDescription) {}
    nonisolated func notified(_ notification: Message) {}

    nonisolated func asked(_ request: ServerRequest) {
        assumeIsolated { call in
            guard InputRequired.isAllowed(for: call.request.method) else {
                return call.refuse(
                    request.id, .internalError, "nothing can be asked in the course of \(call.request.method)")
            }
            let question: Message
            switch ClientQuestion.projected(request.message, for: call.caller.profile) {
            case .success(let message): question = message
            case .failure(let refusal): return call.refuse(request.id, refusal.code, refusal.message)
            }
            let isElicitation = question.isMethod("elicitation/create")
            call.perform(
                call.rounds.asked(
                    request.id, InputRequired.entry(for: question),
                    silence: isElicitation ? .cancelledElicitation : .error))
        }
    }

    nonisolated func withdrawn(_ request: ServerRequestID) {
        assumeIsolated { $0.rounds.withdrawn(request) }
    }
}

extension StatelessCall: StatelessExchange {
    nonisolated func clientHasGone() {
        // A client that has been asked has its answer; what closes then is only the response.
        assumeIsolated { call in
            if call.sink != nil { call.end() }
        }
    }
}
