internal import JSONRPC
internal import NIOCore

/// What a server has asked of clients and nobody has answered yet, as a value.
///
/// A question has one caller it was put to. One that is certainly asked in the course of one call ends with that call.
struct ServerRequests {
    struct Question {
        let id: ServerRequestID
        /// The id that the server gave it.
        let upstreamID: RequestID
        /// What the server wants its progress reported under, as JSON text.
        let progressToken: ByteBuffer?
        let caller: CallerID
        /// The call that it is asked for, by its id upstream, if that is certain.
        let call: Int?
        /// Is told of its end if nobody is attached for the caller.
        let observer: (any ServerObserver)?
        /// When it is given up, on the clock of whoever asks.
        let deadline: Duration
    }

    /// Why a question is not taken.
    enum Refusal: Error, Equatable {
        /// One of this id is open already.
        case duplicate
        /// So many are open already, of all callers or of this one.
        case tooMany(limit: Int)
    }

    /// How many may be open.
    static let capacity = 256
    /// How many of them may be put to one caller.
    static let capacityPerCaller = 32

    private var questions: [ServerRequestID: Question] = [:]
    private var ids: [RequestID: ServerRequestID] = [:]

    var isEmpty: Bool { questions.isEmpty }
    var count: Int { questions.count }

    /// Takes a question and gives it an id.
    mutating func open(
        _ upstreamID: RequestID, progressToken: ByteBuffer? = nil, to caller: CallerID, for call: Int?,
        observer: (any ServerObserver)? = nil, deadline: Duration
    ) throws(Refusal) -> ServerRequestID {
        guard ids[upstreamID] == nil else { throw .duplicate }
        guard questions.count < Self.capacity else { throw .tooMany(limit: Self.capacity) }
        guard questions.values.count(where: { $0.caller == caller }) < Self.capacityPerCaller else {
            throw .tooMany(limit: Self.capacityPerCaller)
        }
        let id = ServerRequestID()
        ids[upstreamID] = id
        questions[id] = Question(
            id: id, upstreamID: upstreamID, progressToken: progressToken, caller: caller, call: call,
            observer: observer, deadline: deadline)
        return id
    }

    /// The open question of this id, if it was put to this caller.
    func find(_ id: ServerRequestID, of caller: CallerID) -> Question? {
        questions[id].flatMap { $0.caller == caller ? $0 : nil }
    }

    /// Ends the question that this caller answers. A second answer finds nothing.
    mutating func answer(_ id: ServerRequestID, by caller: CallerID) -> Question? {
        find(id, of: caller).flatMap { remove($0.id) }
    }

    /// Ends the question that the server takes back.
    mutating func withdraw(_ upstreamID: RequestID) -> Question? {
        ids[upstreamID].flatMap { remove($0) }
    }

    /// Ends what was asked for a call that has ended, in the order in which it was asked.
    mutating func removeAll(for call: Int) -> [Question] {
        removeAll { $0.call == call }
    }

    /// Ends what was asked of a caller that is gone.
    mutating func removeAll(of caller: CallerID) -> [Question] {
        removeAll { $0.caller == caller }
    }

    /// Ends what has been open for too long.
    mutating func removeAll(overdueAt now: Duration) -> [Question] {
        removeAll { $0.deadline <= now }
    }

    /// Ends everything, because the connection has ended.
    mutating func removeAll() -> [Question] {
        removeAll { _ in true }
    }

    /// Whether somebody is being asked on whom this call may depend: its time does not run.
    func holdUp(_ call: Int, of caller: CallerID) -> Bool {
        questions.values.contains { $0.call == call || ($0.call == nil && $0.caller == caller) }
    }

    private mutating func removeAll(where ends: (Question) -> Bool) -> [Question] {
        guard !questions.isEmpty else { return [] }
        return questions.values.filter(ends).sorted { $0.id < $1.id }.compactMap { remove($0.id) }
    }

    private mutating func remove(_ id: ServerRequestID) -> Question? {
        guard let question = questions.removeValue(forKey: id) else { return nil }
        ids[question.upstreamID] = nil
        return question
    }
}
