internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// What the server asks of the session's client, and what the client answers.

extension ClientSession {
    /// Puts a question to the client, if that is one that it can be asked now.
    func ask(_ request: ServerRequest) {
        guard let profile = caller?.profile, isInitialized else {
            return refuse(request.id, .internalError, "the client has not sent notifications/initialized yet")
        }
        let question: Message
        switch ClientQuestion.projected(request.message, for: profile) {
        case .success(let message): question = message
        case .failure(let refusal): return refuse(request.id, refusal.code, refusal.message)
        }
        let id = questions.takeID()
        let line = question.rewriting(id: id.json, progressToken: id.json)
        let place: ClientQuestions.Place
        if let sink = request.sink, sink.deliver(line) {
            place = .call(sink)
        } else if let stream {
            stream.deliver(line)
            place = .stream
        } else {
            place = .held(until: .now() + streamGrace)
        }
        questions.add(ClientQuestions.Question(request: request, id: id, line: line, place: place))
        scheduleQuestionDeadline()
    }

    /// There is a stream for what waits for one.
    func askHeldQuestions() {
        guard let stream, !questions.isEmpty else { return }
        for question in questions.putHeld() { stream.deliver(question.line) }
    }

    /// Takes the client's answer to a question. Under an id that is not open it is ignored.
    func answer(with response: Message) {
        guard let id = response.id, let question = questions.answer(id) else { return }
        give(response, to: question.request.id)
    }

    /// Takes what the client says of its progress with a question.
    func report(_ progress: Message) {
        guard let token = progress.progressToken, let question = questions.find(RequestID(json: token)) else { return }
        route.callee.report(progress, on: question.request.id, by: callerID)
        former?.report(progress, on: question.request.id, by: callerID)
    }

    /// A question needs no answer any more.
    func withdraw(_ request: ServerRequestID) {
        guard let question = questions.withdraw(request) else { return }
        let params = JSONText.object([("requestId", question.id.json)])
        let cancellation = MessageBuilder.notification(method: "notifications/cancelled", params: params)
        switch question.place {
        case .call(let sink): sink.deliver(cancellation)
        case .stream: stream?.deliver(cancellation)
        case .held: return
        }
    }

    private func refuse(_ request: ServerRequestID, _ code: ErrorCode, _ text: String) {
        let error = MessageBuilder.error(id: RequestID(0), code: code.rawValue, message: text)
        if let response = try? Message(error) { give(response, to: request) }
    }

    private func give(_ response: Message, to request: ServerRequestID) {
        guard !route.callee.answer(request, with: response, by: callerID) else { return }
        former?.answer(request, with: response, by: callerID)
    }

    private func scheduleQuestionDeadline() {
        guard questionDeadline == nil, let next = questions.nextDeadline else { return }
        questionDeadline = eventLoop.assumeIsolated().scheduleTask(deadline: next) { [weak self] in
            self?.assumeIsolated { session in
                session.questionDeadline = nil
                for question in session.questions.removeHeld(overdueAt: .now()) {
                    session.refuse(
                        question.request.id, .internalError, "the client has no stream open on which it could be asked")
                }
                session.scheduleQuestionDeadline()
            }
        }
    }
}
