internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

// What servers want to know in the course of a call: questions go to the client, its answers back to the server.

extension ModernConversation {
    mutating func requireInput(_ result: ByteBuffer, for id: RequestID, _ call: Call) -> [Effect] {
        var rounds = call.rounds ?? InputRounds()
        let step = rounds.required(result, of: call.context.profile?.capabilities ?? .none, ids: &ids)
        calls[id]?.rounds = rounds
        // Only a new request goes on with it.
        calls[id]?.isSent = false
        return take(step, for: id)
    }

    /// A client's answer to a question.
    mutating func answer(_ message: Message) -> [Effect] {
        guard let question = message.id, let id = questions.removeValue(forKey: question),
            var rounds = calls[id]?.rounds
        else { return [] }
        let step = rounds.answered(question, by: message)
        calls[id]?.rounds = rounds
        return take(step, for: id)
    }

    private mutating func take(_ step: InputRounds.Step, for id: RequestID) -> [Effect] {
        switch step {
        case .wait:
            return []
        case .ask(let asked):
            return asked.map { question in
                questions[question.id] = id
                let line = MessageBuilder.request(id: question.id, method: question.method, params: question.params)
                return Self.report(line, during: id)
            }
        case .repeatCall(let inputs, let pause):
            beginLeg(of: id, with: inputs)
            return pause == .zero ? transmit(id) : [.wake(.pause(id), after: pause)]
        case .end(let failure):
            return calls[id].map { end(id, $0, failure) } ?? []
        }
    }

    /// Ends a call in the place of its server.
    mutating func end(_ id: RequestID, _ call: Call, _ failure: InputRounds.Failure) -> [Effect] {
        for question in calls[id]?.rounds?.open ?? [] { questions[question] = nil }
        close(id)
        let error = failure.error(of: server, for: call.context.profile)
        // So that the model learns of it, and not only the program around it.
        guard call.method == "tools/call", error.isForModels else {
            return [
                Self.report(
                    MessageBuilder.error(id: id, code: error.code, message: error.message, data: error.data))
            ]
        }
        let text = JSONText.object([
            ("type", JSONText.quotedBuffer("text")), ("text", JSONText.quotedBuffer(error.spoken)),
        ])
        let result = JSONText.object([
            ("content", JSONText.array([text])), ("isError", ByteBuffer(string: "true")),
        ])
        return [Self.answer(id, result)]
    }
}

extension InputRounds {
    /// The requests that may be answered so (MCP 2026-07-28 "Multi Round-Trip Requests", supported requests).
    static let methods: Set<String> = ["tools/call", "prompts/get", "resources/read"]
}

extension InputRounds.Failure {
    fileprivate struct Error {
        let code: Int
        let message: String
        let data: ByteBuffer?
        /// For a model.
        let spoken: String
        /// Whether it is an answer of the client's, or one about what it cannot be asked, and its revision has no error
        /// for that.
        let isForModels: Bool
    }

    fileprivate func error(of server: String, for client: ClientProfile?) -> Error {
        switch self {
        case .server(let reason):
            let text = "server \"\(server)\" \(reason)"
            return Error(
                code: ErrorCode.internalError.rawValue, message: text, data: nil, spoken: text,
                isForModels: reason.hasPrefix("asked for"))
        case .undeclared(let reason, let required):
            let text = "server \"\(server)\" \(reason)"
            guard let client, !client.revision.isLegacy else {
                return Error(
                    code: ErrorCode.internalError.rawValue, message: text, data: nil, spoken: text, isForModels: true)
            }
            return Error(
                code: ErrorCode.missingClientCapability.rawValue, message: text,
                data: JSONText.object([("requiredCapabilities", required)]), spoken: text, isForModels: false)
        case .refused(let error):
            let members = JSONOutline.members(of: error) ?? []
            let text =
                members.first { $0.key == "message" }.flatMap { JSONOutline.string($0.value) } ?? "no reason given"
            return Error(
                code: members.first { $0.key == "code" }.flatMap { Int(String(buffer: $0.value)) }
                    ?? ErrorCode.internalError.rawValue,
                message: text, data: members.first { $0.key == "data" }?.value,
                spoken: "the client did not give what server \"\(server)\" asked of it: \(text)", isForModels: true)
        }
    }
}
