/// Calls that are over for their callers while the server may still be at work on them, as a value: what it says
/// meanwhile may belong to them, and so to nobody who is there.
struct Echoes {
    /// How long a server may go on with a call that was cancelled or given up.
    static let lifetime = Duration.seconds(30)
    /// How many are remembered; of more the oldest are forgotten.
    static let capacity = 256

    private struct Echo {
        let call: Int
        let caller: CallerID
        let end: Duration
    }

    /// In the order in which they end.
    private var echoes: [Echo] = []

    /// A call is over that the server has not answered.
    mutating func add(_ call: Int, of caller: CallerID, now: Duration) {
        echoes.removeAll { $0.end <= now }
        if echoes.count >= Self.capacity { echoes.removeFirst() }
        echoes.append(Echo(call: call, caller: caller, end: now + Self.lifetime))
    }

    /// The server has answered it after all.
    mutating func end(_ call: Int) {
        if !echoes.isEmpty { echoes.removeAll { $0.call == call } }
    }

    /// The connection has ended.
    mutating func removeAll() {
        echoes = []
    }

    /// Whether there are any.
    func isEmpty(now: Duration) -> Bool {
        echoes.allSatisfy { $0.end <= now }
    }

    /// Whether all of them are this caller's.
    func areOnly(of caller: CallerID, now: Duration) -> Bool {
        echoes.allSatisfy { $0.caller == caller || $0.end <= now }
    }
}
