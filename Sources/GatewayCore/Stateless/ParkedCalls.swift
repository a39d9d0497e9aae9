internal import MCP
internal import NIOCore

/// What waits for clients that were asked something to come back, each under a state that only they can know.
///
/// The state is a random name for what is kept here, so that nothing about it can be forged: it is good once, for a
/// while, for the principal and the request it was given to ("Multi Round-Trip Requests", server requirements). When
/// the gateway restarts it is lost, as the calls are.
struct ParkedCalls {
    /// What waits under a state.
    enum Content {
        /// A call that goes on.
        case call(StatelessCall)
        /// A server that wants the call to be made again when its client has been somewhere (-32042).
        case repetition(keys: [String])
    }

    /// Whom a state was given to, and for what.
    struct Holder: Equatable {
        let route: String
        let principal: Principal
        let request: RequestFingerprint
    }

    private struct Place {
        let holder: Holder
        let content: Content
        let deadline: NIODeadline
    }

    private let capacity: Int
    private var places: [String: Place] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { places.count }
    var isFull: Bool { places.count >= capacity }

    /// Keeps something and returns its state, unless too much is kept already.
    mutating func park(_ content: Content, for holder: Holder, until deadline: NIODeadline) -> String? {
        guard !isFull else { return nil }
        let state = SessionID.random()
        places[state] = Place(holder: holder, content: content, deadline: deadline)
        return state
    }

    /// Takes out what waits under a state. A state that is anybody else's, or for another request, stays good for those
    /// it was given to.
    mutating func redeem(_ state: String, by holder: Holder, now: NIODeadline) -> Content? {
        guard let place = places[state], place.holder == holder, place.deadline > now else { return nil }
        places[state] = nil
        return place.content
    }

    /// Takes out what has waited for too long.
    mutating func removeAll(overdueAt now: NIODeadline) -> [Content] {
        let overdue = places.filter { $0.value.deadline <= now }
        for state in overdue.keys { places[state] = nil }
        return overdue.values.map(\.content)
    }
}
