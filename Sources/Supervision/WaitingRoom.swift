internal import JSONRPC
internal import MCP

/// Those who came while the server could not be called yet: calls that were never sent, and clients that want to know
/// what the server is. In order, bounded, each until a deadline.
struct WaitingRoom {
    enum Wish {
        case call(Message, id: RequestID, caller: CallerID, sink: any CallerSink)
        case description(@Sendable (Result<ServerDescription, Unavailability>) -> Void)
    }

    struct Guest {
        let wish: Wish
        let deadline: Duration
    }

    /// How many may wait; one more is turned away at once.
    static let capacity = 1024

    private var guests: [Guest] = []

    var isEmpty: Bool { guests.isEmpty }
    var isFull: Bool { guests.count >= Self.capacity }

    mutating func enter(_ wish: Wish, until deadline: Duration) {
        guests.append(Guest(wish: wish, deadline: deadline))
    }

    func count(of caller: CallerID) -> Int {
        guests.count { $0.caller == caller }
    }

    func isWaiting(_ id: RequestID, of caller: CallerID) -> Bool {
        guests.contains { $0.isCall(id, of: caller) }
    }

    /// Empties the room, because the server can be called, or never will be.
    mutating func leaveAll() -> [Wish] {
        defer { guests = [] }
        return guests.map(\.wish)
    }

    /// Lets those go whose time is up.
    mutating func leave(overdueAt now: Duration) -> [Wish] {
        let overdue = guests.filter { $0.deadline <= now }
        guests.removeAll { $0.deadline <= now }
        return overdue.map(\.wish)
    }

    /// Takes out one call that its caller has cancelled.
    mutating func cancel(_ id: RequestID, of caller: CallerID) -> Wish? {
        guard let index = guests.firstIndex(where: { $0.isCall(id, of: caller) }) else { return nil }
        return guests.remove(at: index).wish
    }

    /// Takes out whatever a caller that is gone waited for.
    mutating func removeAll(of caller: CallerID) -> [Wish] {
        let gone = guests.filter { $0.caller == caller }
        guests.removeAll { $0.caller == caller }
        return gone.map(\.wish)
    }
}

extension WaitingRoom.Guest {
    fileprivate var caller: CallerID? {
        guard case .call(_, _, let caller, _) = wish else { return nil }
        return caller
    }

    fileprivate func isCall(_ id: RequestID, of caller: CallerID) -> Bool {
        guard case .call(_, let ownID, let owner, _) = wish else { return false }
        return owner == caller && ownID == id
    }
}
