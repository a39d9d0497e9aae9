internal import JSONRPC

/// Who has subscribed to which resources of one server, as a value: the server sees one subscription to each, however
/// many callers hold it, and gets those that are held again when it has begun another life.
struct Subscriptions {
    /// How many resources one caller may be subscribed to.
    static let capacityPerCaller = 1024
    /// How many resources of one server all of them together may be subscribed to.
    static let capacity = 16_384
    /// The longest URI that is taken, in bytes.
    static let uriLimit = 8 << 10

    /// What to do about a caller's wish.
    enum Step: Equatable {
        /// It is granted.
        case grant
        /// The server is asked; then `asked`.
        case ask
        /// The server is being asked already.
        case wait
        /// It cannot be granted.
        case refuse(Refusal)
    }

    enum Refusal: Error, Equatable {
        case tooMany
        case tooManyTogether
        case tooLong
    }

    /// What the server's answer changes.
    enum Outcome {
        /// These are granted what they wait for, and what has been held from an earlier life is held again.
        case granted([PendingCall], isRestored: Bool)
        /// These get the server's refusal.
        case refused([PendingCall])
        /// It holds what nobody wants any more; `releasing`.
        case unwanted
        /// It has let go, and is to be asked again: somebody has come meanwhile.
        case ask
        /// Nothing.
        case released
    }

    private enum Phase: Equatable {
        /// The server knows nothing of it.
        case unknown
        case asking(Int)
        case held
        case releasing(Int)
    }

    private struct Entry {
        var holders: Set<CallerID> = []
        var waiting: [(call: PendingCall, deadline: Duration)] = []
        var phase = Phase.unknown

        var isWanted: Bool { !holders.isEmpty || !waiting.isEmpty }
    }

    private var entries: [String: Entry] = [:]
    private var requests: [Int: String] = [:]
    private var counts: [CallerID: Int] = [:]

    var isEmpty: Bool { entries.isEmpty }
    /// How many wishes wait for the server's word.
    private(set) var waitingCount = 0

    /// How many wishes of this caller do.
    func waiting(of caller: CallerID) -> Int {
        guard waitingCount > 0 else { return 0 }
        return entries.values.reduce(0) { sum, entry in sum + entry.waiting.count { $0.call.caller == caller } }
    }

    func isWaiting(_ id: RequestID, of caller: CallerID) -> Bool {
        waitingCount > 0
            && entries.values.contains { $0.waiting.contains { $0.call.caller == caller && $0.call.id == id } }
    }

    /// Whether this caller holds a subscription to this resource or waits for one.
    func concerns(_ uri: String, _ caller: CallerID) -> Bool {
        guard let entry = entries[uri] else { return false }
        return entry.holders.contains(caller) || entry.waiting.contains { $0.call.caller == caller }
    }

    // MARK: Callers

    /// A caller wants to be told of a resource.
    mutating func subscribe(_ call: PendingCall, to uri: String, deadline: Duration) -> Step {
        guard uri.utf8.count <= Self.uriLimit else { return .refuse(.tooLong) }
        guard entries[uri] != nil || entries.count < Self.capacity else { return .refuse(.tooManyTogether) }
        var entry = entries[uri] ?? Entry()
        guard !entry.holders.contains(call.caller) || entry.phase != .held else { return .grant }
        guard concerns(uri, call.caller) || counts[call.caller, default: 0] < Self.capacityPerCaller else {
            return .refuse(.tooMany)
        }
        defer { entries[uri] = entry }
        switch entry.phase {
        case .held:
            entry.holders.insert(call.caller)
            counts[call.caller, default: 0] += 1
            return .grant
        case .asking, .releasing:
            entry.waiting.append((call, deadline))
            waitingCount += 1
            return .wait
        case .unknown:
            entry.waiting.append((call, deadline))
            waitingCount += 1
            return .ask
        }
    }

    /// A caller does not want to be told any more. Returns whether the server is to be told so; then `releasing`.
    mutating func unsubscribe(_ caller: CallerID, from uri: String) -> Bool {
        guard var entry = entries[uri], entry.holders.remove(caller) != nil else { return false }
        countDown(caller)
        entries[uri] = entry
        return settle(uri)
    }

    /// A caller is gone.
    ///
    /// - Returns: its wishes that were not granted yet, and the resources that the server can forget.
    mutating func remove(_ caller: CallerID) -> (unanswered: [PendingCall], released: [String]) {
        guard !entries.isEmpty else { return ([], []) }
        var (unanswered, released): ([PendingCall], [String]) = ([], [])
        for uri in entries.keys.filter({ concerns($0, caller) }).sorted() {
            unanswered += takeWaiting(uri) { $0.call.caller == caller }
            if entries[uri]?.holders.remove(caller) != nil { countDown(caller) }
            if settle(uri) { released.append(uri) }
        }
        return (unanswered, released)
    }

    /// A caller has cancelled its wish.
    mutating func cancel(_ id: RequestID, of caller: CallerID) -> PendingCall? {
        guard isWaiting(id, of: caller) else { return nil }
        for uri in entries.keys {
            let cancelled = takeWaiting(uri) { $0.call.caller == caller && $0.call.id == id }
            if let call = cancelled.first { return call }
        }
        return nil
    }

    /// Gives up what the server has not answered in time.
    mutating func removeWaiting(overdueAt now: Duration) -> [PendingCall] {
        entries.keys.sorted().flatMap { uri in
            let overdue = takeWaiting(uri) { $0.deadline <= now }
            if !overdue.isEmpty, let entry = entries[uri], !entry.isWanted { forget(uri) }
            return overdue
        }
    }

    // MARK: The server

    /// The server has been asked for a resource, under this id.
    mutating func asked(for uri: String, as request: Int) {
        requests[request] = uri
        entries[uri]?.phase = .asking(request)
    }

    /// The server is told under this id that it can forget a resource.
    mutating func releasing(_ uri: String, as request: Int) {
        requests[request] = uri
        entries[uri, default: Entry()].phase = .releasing(request)
    }

    /// The server has answered a request of this id. Returns `nil` for one that is none of these.
    mutating func answered(_ request: Int, isSuccess: Bool) -> (uri: String, outcome: Outcome)? {
        guard let uri = requests.removeValue(forKey: request), var entry = entries[uri] else { return nil }
        switch entry.phase {
        case .asking(request):
            let waiting = entry.waiting.map(\.call)
            waitingCount -= waiting.count
            entry.waiting = []
            guard isSuccess else {
                entry.phase = .unknown
                entries[uri] = entry
                if !entry.isWanted { forget(uri) }
                return (uri, .refused(waiting))
            }
            let isRestored = !entry.holders.isEmpty
            for call in waiting where entry.holders.insert(call.caller).inserted {
                counts[call.caller, default: 0] += 1
            }
            entry.phase = .held
            entries[uri] = entry
            return (uri, entry.isWanted ? .granted(waiting, isRestored: isRestored) : .unwanted)
        case .releasing(request):
            entry.phase = .unknown
            entries[uri] = entry
            guard entry.isWanted else {
                forget(uri)
                return (uri, .released)
            }
            return (uri, .ask)
        case .unknown, .asking, .held, .releasing: return nil
        }
    }

    /// The server has begun another life. Returns the resources to ask for again.
    mutating func connected() -> [String] {
        requests = [:]
        for uri in Array(entries.keys) {
            entries[uri]?.phase = .unknown
            if let entry = entries[uri], !entry.isWanted { entries[uri] = nil }
        }
        return entries.keys.sorted()
    }

    /// The connection has ended. Returns the wishes that will not be answered.
    mutating func disconnected() -> [PendingCall] {
        let unanswered = entries.keys.sorted().flatMap { takeWaiting($0) { _ in true } }
        _ = connected()
        return unanswered
    }

    /// Whom an update of this resource concerns: those who subscribed to it, else those who subscribed to what it is part
    /// of, else everybody who subscribed to anything: the server says it for somebody.
    func holders(of uri: String) -> [CallerID] {
        if let entry = entries[uri], !entry.holders.isEmpty { return Array(entry.holders) }
        let wholes = entries.filter { !$0.value.holders.isEmpty && uri.hasPrefix($0.key) }
        let concerned = (wholes.isEmpty ? entries : wholes).values.reduce(into: Set()) { $0.formUnion($1.holders) }
        return Array(concerned)
    }

    /// What this caller is subscribed to.
    func held(by caller: CallerID) -> [String] {
        entries.filter { $0.value.holders.contains(caller) }.keys.sorted()
    }

    /// Takes over what one caller holds elsewhere. Returns what the server is to be asked for, if it is there.
    mutating func adopt(_ uris: [String], of caller: CallerID) -> [String] {
        uris.filter { uri in
            var entry = entries[uri] ?? Entry()
            if entry.holders.insert(caller).inserted { counts[caller, default: 0] += 1 }
            entries[uri] = entry
            return entry.phase == .unknown
        }
    }

    /// Takes over what another's callers hold: it is asked for when the server is there.
    mutating func takeOver(from predecessor: Subscriptions) {
        for (uri, entry) in predecessor.entries where !entry.holders.isEmpty {
            for holder in entry.holders where entries[uri, default: Entry()].holders.insert(holder).inserted {
                counts[holder, default: 0] += 1
            }
        }
    }

    // MARK: Pieces

    private mutating func takeWaiting(
        _ uri: String, where leaves: ((call: PendingCall, deadline: Duration)) -> Bool
    ) -> [PendingCall] {
        guard let waiting = entries[uri]?.waiting, !waiting.isEmpty else { return [] }
        let leaving = waiting.filter(leaves).map(\.call)
        entries[uri]?.waiting.removeAll(where: leaves)
        waitingCount -= leaving.count
        return leaving
    }

    /// Somebody has left. Returns whether the server holds what nobody wants any more.
    private mutating func settle(_ uri: String) -> Bool {
        guard let entry = entries[uri], !entry.isWanted else { return false }
        switch entry.phase {
        case .held: return true
        case .unknown:
            entries[uri] = nil
            return false
        // What comes of it decides.
        case .asking, .releasing: return false
        }
    }

    private mutating func forget(_ uri: String) {
        entries[uri] = nil
    }

    private mutating func countDown(_ caller: CallerID) {
        guard let count = counts[caller] else { return }
        counts[caller] = count > 1 ? count - 1 : nil
    }
}
