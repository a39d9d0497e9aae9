internal import MCP
internal import NIOCore
internal import Supervision

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
        /// A server that wants the call to be made again when its client has been to these URLs (-32042): for each the
        /// key and the request of the round.
        case repetition([(key: String, request: ByteBuffer)])
    }

    /// Whom a state was given to, and for what.
    struct Holder: Equatable {
        let route: String
        /// Whose it is whatever becomes of the list of tokens meanwhile.
        let principal: PrincipalKey
        let request: RequestFingerprint
    }

    /// Why nothing more is kept.
    enum Refusal: Error, Equatable {
        /// So much is kept already, of all principals or of this one.
        case full
        case fullForPrincipal
        /// The requests that are kept already are too long together.
        case tooManyBytes
    }

    /// How long the requests of all of them may be together, besides the last.
    static let byteLimit = 64 << 20

    private struct Place {
        let holder: Holder
        let content: Content
        let bytes: Int
        let deadline: NIODeadline
    }

    private let capacity: Int
    private let capacityPerPrincipal: Int
    private var places: [String: Place] = [:]
    private var bytes = 0
    private var counts: [PrincipalKey: Int] = [:]

    init(capacity: Int, perPrincipal capacityPerPrincipal: Int) {
        self.capacity = capacity
        self.capacityPerPrincipal = capacityPerPrincipal
    }

    var count: Int { places.count }

    /// Keeps something and returns its state, unless too much is kept already.
    mutating func park(
        _ content: Content, for holder: Holder, bytes: Int, until deadline: NIODeadline
    ) throws(Refusal) -> String {
        guard places.count < capacity else { throw .full }
        guard counts[holder.principal, default: 0] < capacityPerPrincipal else { throw .fullForPrincipal }
        guard self.bytes <= Self.byteLimit else { throw .tooManyBytes }
        let state = SessionID.random()
        places[state] = Place(holder: holder, content: content, bytes: bytes, deadline: deadline)
        self.bytes += bytes
        counts[holder.principal, default: 0] += 1
        return state
    }

    /// Takes out what waits under a state. A state that is anybody else's, or for another request, stays good for those
    /// it was given to.
    mutating func redeem(_ state: String, by holder: Holder, now: NIODeadline) -> Content? {
        guard let place = places[state], place.holder == holder, place.deadline > now else { return nil }
        return remove(state)
    }

    /// Takes out what has waited for too long.
    mutating func removeAll(overdueAt now: NIODeadline) -> [Content] {
        places.filter { $0.value.deadline <= now }.keys.compactMap { remove($0) }
    }

    private mutating func remove(_ state: String) -> Content? {
        guard let place = places.removeValue(forKey: state) else { return nil }
        bytes -= place.bytes
        let rest = counts[place.holder.principal, default: 1] - 1
        counts[place.holder.principal] = rest == 0 ? nil : rest
        return place.content
    }
}
