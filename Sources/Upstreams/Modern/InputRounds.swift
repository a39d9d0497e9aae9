internal import JSONRPC
internal import MCP
internal import NIOCore

/// The rounds in which one call asks its client for input (MCP 2026-07-28 "Multi Round-Trip Requests"): what the server
/// wants to know goes in, and so do the client's answers; questions for the client, or what the call is to be repeated
/// with, come out.
///
/// ```
/// server's turn ─ required ─► asking ─ all answered ─► server's turn
///       │                       └─ one refused ─► over
///       └─ required, nothing asked ─► repeated after a pause
/// ```
struct InputRounds {
    /// How many rounds a call may take (SDK practice).
    static let limit = 10
    /// How much a server may ask for in one round.
    static let questionLimit = 64
    /// The pause before a call is repeated that asked for nothing, and the longest that it grows to (SDK practice).
    private static let pauses = Duration.milliseconds(50)...Duration.milliseconds(250)

    /// What a server asks of its client, in the form that it has in MCP 2025-11-25.
    struct Question: Equatable {
        let id: RequestID
        let method: String
        let params: ByteBuffer?
    }

    /// What is to be done.
    enum Step: Equatable {
        /// Nothing until more is known.
        case wait
        /// Put these questions to the client.
        case ask([Question])
        /// Repeat the call with this, after a pause.
        case repeatCall(InputAnswers, after: Duration)
        /// It ends with an error.
        case end(Failure)
    }

    /// Why a call ends before its server has given a result.
    enum Failure: Equatable {
        /// The server's fault; the reason is a clause about it: "asked for …".
        case server(String)
        /// It needs what its client did not offer; the reason is a clause about the server, `required` a capabilities
        /// object.
        case undeclared(String, required: ByteBuffer)
        /// The client answered a question with this error.
        case refused(error: ByteBuffer)
    }

    private var round = 0
    private var pause = Self.pauses.lowerBound
    private var keys: [RequestID: String] = [:]
    private var order: [String] = []
    private var answers: [String: ByteBuffer] = [:]
    private var state: ByteBuffer?

    /// The questions that are not answered yet.
    var open: [RequestID] { Array(keys.keys) }

    /// The server answered that it requires input.
    ///
    /// - Parameters:
    ///   - result: the whole result.
    ///   - capabilities: what the client may be asked.
    ///   - ids: makes the ids of the questions.
    mutating func required(
        _ result: ByteBuffer, of capabilities: ClientCapabilities, ids: inout QuestionIDs
    ) -> Step {
        (keys, order, answers) = ([:], [], [:])
        round += 1
        guard round <= Self.limit else { return .end(.server("asked for input more than \(Self.limit) times")) }
        let members = JSONOutline.members(of: result) ?? []
        state = members.first { $0.key == "requestState" }?.value
        if let state, JSONOutline.string(state) == nil { return .end(.server("gave a requestState that is no text")) }
        guard let requests = members.first(where: { $0.key == "inputRequests" })?.value else {
            guard state != nil else { return .end(.server("asked for input without saying which")) }
            return repeatedLater()
        }
        guard let wanted = JSONOutline.members(of: requests), wanted.count <= Self.questionLimit else {
            return .end(.server("asked for input in a form that cannot be read"))
        }
        guard !wanted.isEmpty else { return repeatedLater() }
        return ask(wanted, of: capabilities, ids: &ids)
    }

    /// The client answered a question.
    mutating func answered(_ id: RequestID, by message: Message) -> Step {
        guard let key = keys.removeValue(forKey: id) else { return .wait }
        guard let result = message.result else {
            keys = [:]
            return .end(.refused(error: message.error ?? ByteBuffer(string: "{}")))
        }
        answers[key] = result
        guard keys.isEmpty else { return .wait }
        let responses = JSONText.object(order.compactMap { key in answers[key].map { (key, $0) } })
        return .repeatCall(InputAnswers(responses: responses, state: state), after: .zero)
    }

    private mutating func repeatedLater() -> Step {
        defer { pause = min(pause * 2, Self.pauses.upperBound) }
        return .repeatCall(InputAnswers(responses: nil, state: state), after: pause)
    }

    private mutating func ask(
        _ wanted: [JSONOutline.Member], of capabilities: ClientCapabilities, ids: inout QuestionIDs
    ) -> Step {
        pause = Self.pauses.lowerBound
        var questions: [Question] = []
        for (key, request) in wanted {
            guard let question = InputRequest(request) else {
                return .end(.server("asked for input in a form that cannot be read"))
            }
            // Nothing is asked at all if anything must not be.
            guard question.isAllowed(by: capabilities) else {
                return .end(
                    .undeclared(
                        "asked for \(question.spoken), which its client did not offer",
                        required: question.requiredCapability))
            }
            guard !order.contains(key) else { return .end(.server("asked for two things under one key")) }
            let id = ids.next()
            keys[id] = key
            order.append(key)
            questions.append(
                Question(id: id, method: question.method.rawValue, params: question.legacyParams(ids: ids)))
        }
        return .ask(questions)
    }
}

/// Makes the ids of what servers ask their clients.
struct QuestionIDs {
    /// Tells this connection's ids from those of others.
    private let nonce: UInt64
    private var count = 0

    init(nonce: UInt64) {
        self.nonce = nonce
    }

    mutating func next() -> RequestID {
        count += 1
        return RequestID(json: ByteBuffer(string: #""input-\#(count)""#))
    }

    /// What the newest question is called where a name for good is wanted.
    var elicitationID: String { "\(String(nonce, radix: 16))-\(count)" }
}
