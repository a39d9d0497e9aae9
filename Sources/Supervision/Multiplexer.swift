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
        /// Whether it is a `tools/call`, in the course of which servers ask the most.
        let isToolCall: Bool
        /// When it is given up, on the clock of whoever asks: never after `end`.
        fileprivate(set) var deadline: Duration
        /// When it has taken as long as a call may, whatever comes of it.
        let end: Duration

        fileprivate func extended(to deadline: Duration) -> Exchange {
            var exchange = self
            exchange.deadline = min(deadline, end)
            return exchange
        }
    }

    /// A call's name among its caller's calls.
    private struct Origin: Hashable {
        let caller: CallerID
        let id: RequestID
    }

    private(set) var exchanges: [Int: Exchange] = [:]
    private var upstreamIDs: [Origin: Int] = [:]
    private(set) var inFlight: [CallerID: Int] = [:]
    private var lastID = 0
    /// Calls that are over for their callers, while the server may still be at work on them.
    private(set) var echoes = Echoes()

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
    ///
    /// - Parameters:
    ///   - deadline: when it is given up, unless it is given more time.
    ///   - end: when it is given up however much time it was given.
    mutating func open(
        _ call: PendingCall, deadline: Duration, end: Duration
    ) -> (upstreamID: Int, line: ByteBuffer) {
        let upstreamID = takeID()
        let number = ByteBuffer(string: String(upstreamID))
        let message = call.message
        let token = message.envelope.metaProgressToken.map(message.slice)
        exchanges[upstreamID] = Exchange(
            caller: call.caller, id: call.id, progressToken: token, sink: call.sink, context: call.context,
            wasReturned: call.wasReturned, isToolCall: message.isMethod("tools/call"), deadline: min(deadline, end),
            end: end)
        upstreamIDs[Origin(caller: call.caller, id: call.id)] = upstreamID
        inFlight[call.caller, default: 0] += 1
        return (upstreamID, message.rewriting(id: number, progressToken: number))
    }

    /// Ends a call whose line never reached the server, and returns it as its caller made it, with whether it had come
    /// back before.
    mutating func takeBack(_ line: ByteBuffer) -> (call: PendingCall, wasReturned: Bool)? {
        guard let sent = try? Message(line), sent.kind == .request, let id = sent.id.flatMap(Self.upstreamID),
            let exchange = remove(id),
            let message = try? Message(sent.rewriting(id: exchange.id.json, progressToken: exchange.progressToken))
        else { return nil }
        let call = PendingCall(
            message, id: exchange.id, caller: exchange.caller, sink: exchange.sink, context: exchange.context,
            wasReturned: true)
        return (call, exchange.wasReturned)
    }

    /// Ends the call that `message` answers, and returns it with the answer as its caller must see it.
    mutating func close(
        answeredBy message: Message
    ) -> (upstreamID: Int, exchange: Exchange, answer: ByteBuffer)? {
        guard let id = message.envelope.id, let upstreamID = Self.number(message.slice(id)) else { return nil }
        guard let exchange = remove(upstreamID) else {
            echoes.end(upstreamID)
            return nil
        }
        return (upstreamID, exchange, message.rewriting(id: exchange.id.json, progressToken: nil))
    }

    /// The call that a `notifications/progress` reports on, with the notification as its caller must see it.
    mutating func progress(
        _ message: Message, extendingTo deadline: Duration
    ) -> (sink: any CallerSink, notification: ByteBuffer)? {
        guard let range = message.envelope.progressToken, let upstreamID = Self.number(message.slice(range)),
            let exchange = exchanges[upstreamID]
        else { return nil }
        exchanges[upstreamID] = exchange.extended(to: deadline)
        guard let token = exchange.progressToken else { return nil }
        return (exchange.sink, message.rewriting(id: nil, progressToken: token))
    }

    /// Gives a call its whole time again.
    mutating func extend(_ upstreamID: Int, to deadline: Duration) {
        exchanges[upstreamID] = exchanges[upstreamID]?.extended(to: deadline)
    }

    /// Gives all calls of a caller their whole time again.
    mutating func extendAll(of caller: CallerID, to deadline: Duration) {
        for (id, exchange) in exchanges where exchange.caller == caller { extend(id, to: deadline) }
    }

    /// Forgets a call that its caller has cancelled. A late answer to it will find nothing.
    mutating func cancel(
        _ id: RequestID, by caller: CallerID, now: Duration
    ) -> (upstreamID: Int, exchange: Exchange)? {
        guard let upstreamID = upstreamIDs[Origin(caller: caller, id: id)], let exchange = remove(upstreamID) else {
            return nil
        }
        echoes.add(upstreamID, of: caller, now: now)
        return (upstreamID, exchange)
    }

    /// The id upstream that the server spelled so, if it can be one of ours.
    static func upstreamID(_ id: RequestID) -> Int? {
        number(id.json)
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
    mutating func removeAll(of caller: CallerID, now: Duration) -> [(upstreamID: Int, exchange: Exchange)] {
        guard inFlight[caller] != nil else { return [] }
        let ids = exchanges.filter { $0.value.caller == caller }.keys.sorted()
        return giveUp(ids, now: now)
    }

    /// Forgets every call whose time is up, and returns them with their ids upstream.
    ///
    /// - Parameter isHeldUp: whether the time of a call does not run, if it has not taken as long as it may.
    mutating func removeAll(
        overdueAt now: Duration, unless isHeldUp: (Int, Exchange) -> Bool = { _, _ in false }
    ) -> [(upstreamID: Int, exchange: Exchange)] {
        let overdue = exchanges.filter { id, exchange in
            exchange.end <= now || (exchange.deadline <= now && !isHeldUp(id, exchange))
        }.keys.sorted()
        return giveUp(overdue, now: now)
    }

    private mutating func giveUp(_ ids: [Int], now: Duration) -> [(upstreamID: Int, exchange: Exchange)] {
        ids.compactMap { id in
            guard let exchange = remove(id) else { return nil }
            echoes.add(id, of: exchange.caller, now: now)
            return (id, exchange)
        }
    }

    /// Forgets everything, because the connection has ended, and returns the calls in the order they were made.
    mutating func removeAll() -> [Exchange] {
        let all = exchanges.sorted { $0.key < $1.key }.map(\.value)
        exchanges = [:]
        upstreamIDs = [:]
        inFlight = [:]
        echoes.removeAll()
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
