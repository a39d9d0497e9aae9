internal import JSONRPC
internal import MCP
internal import NIOCore

/// Those who came while the server could not be called yet: calls that were never sent, and clients that want to know
/// what the server is. In order, bounded, each until a deadline.
struct WaitingRoom {
    enum Wish {
        case call(PendingCall)
        case description(@Sendable (Result<ServerDescription, Unavailability>) -> Void)
    }

    struct Guest {
        let wish: Wish
        let deadline: Duration
    }

    /// How many may wait; one more is turned away at once.
    static let capacity = 1024
    /// How many bytes their messages and headers may have together, the last one not counted.
    static let byteCapacity = 64 << 20

    /// A call's name among its caller's calls.
    fileprivate struct CallName: Hashable {
        let caller: CallerID
        let id: RequestID
    }

    private var guests: [Guest] = []
    private var calls: Set<CallName> = []
    private var bytes = 0

    var isEmpty: Bool { guests.isEmpty }
    var isFull: Bool { guests.count >= Self.capacity || bytes >= Self.byteCapacity }

    mutating func enter(_ wish: Wish, until deadline: Duration) {
        guests.append(Guest(wish: wish, deadline: deadline))
        if let call = wish.call { calls.insert(call) }
        bytes += wish.bytes
    }

    func count(of caller: CallerID) -> Int {
        guests.count { $0.wish.call?.caller == caller }
    }

    func isWaiting(_ id: RequestID, of caller: CallerID) -> Bool {
        calls.contains(CallName(caller: caller, id: id))
    }

    /// Empties the room, because the server can be called, or never will be.
    mutating func leaveAll() -> [Wish] {
        remove { _ in true }
    }

    /// Lets those go whose time is up.
    mutating func leave(overdueAt now: Duration) -> [Wish] {
        remove { $0.deadline <= now }
    }

    /// Takes out one call that its caller has cancelled.
    mutating func cancel(_ id: RequestID, of caller: CallerID) -> Wish? {
        guard isWaiting(id, of: caller) else { return nil }
        return remove { $0.wish.call == CallName(caller: caller, id: id) }.first
    }

    /// Takes out whatever a caller that is gone waited for.
    mutating func removeAll(of caller: CallerID) -> [Wish] {
        remove { $0.wish.call?.caller == caller }
    }

    private mutating func remove(_ leaves: (Guest) -> Bool) -> [Wish] {
        let leaving = guests.filter(leaves).map(\.wish)
        guests.removeAll(where: leaves)
        for wish in leaving {
            if let call = wish.call { calls.remove(call) }
            bytes -= wish.bytes
        }
        return leaving
    }
}

extension WaitingRoom.Wish {
    fileprivate var call: WaitingRoom.CallName? {
        guard case .call(let call) = self else { return nil }
        return WaitingRoom.CallName(caller: call.caller, id: call.id)
    }

    fileprivate var bytes: Int {
        switch self {
        case .call(let call): call.context.headers.reduce(call.message.bytes.readableBytes) { $0 + $1.size }
        case .description: 0
        }
    }
}
