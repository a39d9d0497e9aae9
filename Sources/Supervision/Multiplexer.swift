internal import JSONRPC
internal import NIOCore

/// The calls of many callers on one connection: gives every call an id of its own, and finds the way back.
///
/// A value without any I/O. Ids are never reused within a connection, so an answer that comes twice or too late finds
/// nothing. A progress token is replaced by the call's id, since two callers may choose the same one.
struct Multiplexer {
    /// One call that waits for its answer.
    struct Exchange {
        let caller: CallerID
        let id: RequestID
        /// What the caller wants its progress reported under, as JSON text.
        let progressToken: ByteBuffer?
        let sink: any CallerSink
        /// What goes along with it.
        let context: CallContext
        /// Whether a connection has given it back once already.
        let wasReturned: Bool
        /// When it is given up, on the clock of whoever asks.
        var deadline: Duration
    }

    /// A call's name among its caller's calls.
    private struct Origin: Hashable {
        let caller: CallerID
        let id: RequestID
    }

    private var exchanges: [Int: Exchange] = [:]
    private var upstreamIDs: [Origin: Int] = [:]
    private var inFlight: [CallerID: Int] = [:]
    private var lastID = 0

    var isEmpty: Bool { exchanges.isEmpty }
    var count: Int { exchanges.count }

    func count(of caller: CallerID) -> Int {
        inFlight[caller] ?? 0
    }

    /// Whether this caller waits for an answer under this id.
    func isInFlight(_ id: RequestID, of caller: CallerID) -> Bool {
        upstreamIDs[Origin(caller: caller, id: id)] != nil
    }

    /// An id for a request of the gateway's own on the same connection.
    mutating func takeID() -> Int {
        lastID += 1
        return lastID
    }

    /// Registers a call and returns its id and what to send for it.
    mutating func open(_ call: PendingCall, deadline: Duration) -> (upstreamID: Int, line: ByteBuffer) {
        let upstreamID = takeID()
        let number = ByteBuffer(string: String(upstreamID))
        let message = call.message
        let token = message.envelope.metaProgressToken.map(message.slice)
        exchanges[upstreamID] = Exchange(
            caller: call.caller, id: call.id, progressToken: token, sink: call.sink, context: call.context,
            wasReturned: call.wasReturned, deadline: deadline)
        upstreamIDs[Origin(caller: call.caller, id: call.id)] = upstreamID
        inFlight[call.caller, default: 0] += 1
        return (upstreamID, message.rewriting(id: number, progressToken: number))
    }

    /// Ends a call whose line never reached the server, and returns it as its caller made it, with whether it had come
    /// back before.
    mutating func takeBack(_ line: ByteBuffer) -> (call: PendingCall, wasReturned: Bool)? {
        guard let sent = try? Message(line), sent.kind == .request, let id = sent.id,
            let exchange = remove(upstreamID: id),
            let message = try? Message(sent.rewriting(id: exchange.id.json, progressToken: exchange.progressToken))
        else { return nil }
        let call = PendingCall(
            message, id: exchange.id, caller: exchange.caller, sink: exchange.sink, context: exchange.context,
            wasReturned: true)
        return (call, exchange.wasReturned)
    }

    /// Ends the call that `message` answers, and returns it with the answer as its caller must see it.
    mutating func close(answeredBy message: Message) -> (exchange: Exchange, answer: ByteBuffer)? {
        guard let id = message.envelope.id, let upstreamID = Self.number(message.slice(id)),
            let exchange = remove(upstreamID)
        else { return nil }
        return (exchange, message.rewriting(id: exchange.id.json, progressToken: nil))
    }

    /// The call that a `notifications/progress` reports on, with the notification as its caller must see it.
    mutating func progress(
        _ message: Message, extendingTo deadline: Duration
    ) -> (sink: any CallerSink, notification: ByteBuffer)? {
        guard let range = message.envelope.progressToken, let upstreamID = Self.number(message.slice(range)),
            var exchange = exchanges[upstreamID]
        else { return nil }
        exchange.deadline = deadline
        exchanges[upstreamID] = exchange
        guard let token = exchange.progressToken else { return nil }
        return (exchange.sink, message.rewriting(id: nil, progressToken: token))
    }

    /// The one call in flight, if there is exactly one: whatever the server says unasked can only belong to it.
    var onlyExchange: Exchange? {
        exchanges.count == 1 ? exchanges.first?.value : nil
    }

    /// Forgets a call that its caller has cancelled. A late answer to it will find nothing.
    mutating func cancel(_ id: RequestID, by caller: CallerID) -> (upstreamID: Int, exchange: Exchange)? {
        guard let upstreamID = upstreamIDs[Origin(caller: caller, id: id)], let exchange = remove(upstreamID) else {
            return nil
        }
        return (upstreamID, exchange)
    }

    /// Forgets a call by the id it has upstream, as the server spelled it.
    mutating func remove(upstreamID id: RequestID) -> Exchange? {
        Self.number(id.json).flatMap { remove($0) }
    }

    /// Forgets a call by the id it has upstream.
    mutating func remove(_ upstreamID: Int) -> Exchange? {
        guard let exchange = exchanges.removeValue(forKey: upstreamID) else { return nil }
        upstreamIDs[Origin(caller: exchange.caller, id: exchange.id)] = nil
        if let rest = inFlight[exchange.caller], rest > 1 {
            inFlight[exchange.caller] = rest - 1
        } else {
            inFlight[exchange.caller] = nil
        }
        return exchange
    }

    /// Forgets every call of a caller that is gone, and returns them with their ids upstream.
    mutating func removeAll(of caller: CallerID) -> [(upstreamID: Int, exchange: Exchange)] {
        guard inFlight[caller] != nil else { return [] }
        let ids = exchanges.filter { $0.value.caller == caller }.keys.sorted()
        return ids.compactMap { id in remove(id).map { (id, $0) } }
    }

    /// Forgets every call whose time is up, and returns them with their ids upstream.
    mutating func removeAll(overdueAt now: Duration) -> [(upstreamID: Int, exchange: Exchange)] {
        let overdue = exchanges.filter { $0.value.deadline <= now }.keys.sorted()
        return overdue.compactMap { id in remove(id).map { (id, $0) } }
    }

    /// Forgets everything, because the connection has ended, and returns the calls in the order they were made.
    mutating func removeAll() -> [Exchange] {
        let all = exchanges.sorted { $0.key < $1.key }.map(\.value)
        exchanges = [:]
        upstreamIDs = [:]
        inFlight = [:]
        return all
    }

    /// An id of ours, or `nil` for anything that we never sent.
    private static func number(_ json: ByteBuffer) -> Int? {
        guard (1...18).contains(json.readableBytes) else { return nil }
        var number = 0
        for byte in json.readableBytesView {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }
}
