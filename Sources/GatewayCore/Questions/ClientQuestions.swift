internal import JSONRPC
internal import NIOCore
internal import Supervision

/// What one client is being asked, as a value: under which id it knows each question, and whether it was put to it.
struct ClientQuestions {
    struct Question {
        let request: ServerRequest
        /// The id that the client sees, and under which it reports its progress.
        let id: RequestID
        /// The request as the client gets it.
        let line: ByteBuffer
        var place: Place
    }

    /// Where a question was put.
    enum Place {
        /// On the stream of the call in the course of which it is asked.
        case call(any CallerSink)
        /// On the session's stream.
        case stream
        /// Nowhere yet: it waits for a stream, until then.
        case held(until: NIODeadline)
    }

    private var questions: [RequestID: Question] = [:]
    private var ids: [ServerRequestID: RequestID] = [:]
    private var count = 0

    var isEmpty: Bool { questions.isEmpty }

    /// An id that this client has not seen.
    mutating func takeID() -> RequestID {
        count += 1
        return RequestID(json: ByteBuffer(string: "\"g-\(count)\""))
    }

    /// The client is asked this.
    mutating func add(_ question: Question) {
        questions[question.id] = question
        ids[question.request.id] = question.id
    }

    /// The open question that the client knows by this id.
    func find(_ id: RequestID) -> Question? { questions[id] }

    /// Ends the question that the client answers under this id. A second answer finds nothing.
    mutating func answer(_ id: RequestID) -> Question? {
        guard let question = questions.removeValue(forKey: id) else { return nil }
        ids[question.request.id] = nil
        return question
    }

    /// Ends a question that needs no answer any more.
    mutating func withdraw(_ request: ServerRequestID) -> Question? {
        ids[request].flatMap { answer($0) }
    }

    /// Returns what waits for a stream, which now has it, in the order in which it was asked.
    mutating func putHeld() -> [Question] {
        let held = questions.values.filter(\.isHeld).sorted { $0.request.id < $1.request.id }
        for question in held { questions[question.id]?.place = .stream }
        return held
    }

    /// Ends what has waited for a stream for too long.
    mutating func removeHeld(overdueAt now: NIODeadline) -> [Question] {
        questions.values.filter { $0.heldUntil.map { $0 <= now } ?? false }.compactMap { answer($0.id) }
    }

    /// When the next of those is to be given up.
    var nextDeadline: NIODeadline? {
        questions.values.compactMap(\.heldUntil).min()
    }

    /// The session is over.
    mutating func removeAll() {
        questions = [:]
        ids = [:]
    }
}

extension ClientQuestions.Question {
    fileprivate var isHeld: Bool { heldUntil != nil }

    fileprivate var heldUntil: NIODeadline? {
        switch place {
        case .call, .stream: nil
        case .held(let until): until
        }
    }
}
