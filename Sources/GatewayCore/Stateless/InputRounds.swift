internal import JSONRPC
internal import NIOCore
internal import Supervision

/// What a server asks in the course of one call, and when its client is told so.
///
/// A client of MCP 2026-07-28 is asked by the result of its request (`input_required`) and answers by making the request
/// again ("Multi Round-Trip Requests"), while the server's call goes on. So at each moment the client either waits for
/// an answer to a request, or is away. A value: what is to be done is returned.
struct InputRounds {
    /// One question of the server's.
    struct Question {
        /// Under which its answer is given to the server.
        let id: ServerRequestID
        /// Its name among the questions of this call.
        let key: String
        /// The request as its client sees it: an object with `method` and `params`.
        let request: ByteBuffer
        /// What is said for the client when it does not come back.
        let silence: Silence
    }

    /// What is said for a client that does not answer.
    enum Silence {
        /// A user who closed the window.
        case cancelledElicitation
        /// Nobody.
        case error
    }

    /// What is to be done next.
    enum Action {
        case nothing
        /// More questions may come at once: look again in a moment (`momentHasPassed`).
        case waitAMoment
        /// Tell the client to answer these.
        case ask([Question])
        /// Answer the client for good.
        case finish(Answer)
    }

    private enum Client {
        /// Waits for an answer.
        case waiting
        /// Waits, and is about to be asked.
        case aboutToBeAsked
        /// Has been asked, and has not come back.
        case away
    }

    private var client = Client.waiting
    private var open: [Question] = []
    private var outcome: Answer?
    private var count = 0

    /// Whether anything was ever asked.
    var hasBegun: Bool { count > 0 }
    /// What the server still waits for.
    var questions: [Question] { open }
    /// Whether the client has been asked and has not come back.
    var isAway: Bool { if case .away = client { true } else { false } }

    /// The server asks something.
    mutating func asked(_ id: ServerRequestID, _ request: ByteBuffer, silence: Silence) -> Action {
        count += 1
        open.append(Question(id: id, key: "input-\(count)", request: request, silence: silence))
        guard case .waiting = client else { return .nothing }
        client = .aboutToBeAsked
        return .waitAMoment
    }

    /// The moment that was asked for is over.
    mutating func momentHasPassed() -> Action {
        guard case .aboutToBeAsked = client else { return .nothing }
        return askAgain()
    }

    /// The server does not want to know any more.
    mutating func withdrawn(_ id: ServerRequestID) {
        open.removeAll { $0.id == id }
    }

    /// The call has ended on the server's side. Its answer is kept for a client that is away.
    mutating func finished(_ answer: Answer) -> Action {
        open = []
        guard !isAway else {
            outcome = answer
            return .nothing
        }
        return .finish(answer)
    }

    /// The client has come back with answers, of which those to open questions are taken and returned for the server.
    /// What it left out it is asked again at once.
    mutating func cameBack(with answers: [(key: String, result: ByteBuffer)]) -> (
        taken: [(question: Question, result: ByteBuffer)], next: Action
    ) {
        client = .waiting
        var taken: [(question: Question, result: ByteBuffer)] = []
        for (key, result) in answers {
            guard let index = open.firstIndex(where: { $0.key == key }) else { continue }
            taken.append((open.remove(at: index), result))
        }
        if let outcome {
            self.outcome = nil
            return (taken, .finish(outcome))
        }
        return (taken, open.isEmpty ? .nothing : askAgain())
    }

    private mutating func askAgain() -> Action {
        guard !open.isEmpty else {
            client = .waiting
            return .nothing
        }
        client = .away
        return .ask(open)
    }
}
