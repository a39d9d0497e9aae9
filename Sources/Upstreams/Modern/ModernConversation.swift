internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// What goes on between the gateway and one server of MCP 2026-07-28, as a value: what the managed server says as it
/// would to a server of MCP 2025-11-25, and what the real one answers, go in; what is to be done comes out.
///
/// That revision has no session. So each request says for whom it is made and what may be asked of that client; what a
/// server wants to know comes as a result, is put to the client as a request, and the call is repeated with the answers;
/// what clients want to hear of is one `subscriptions/listen` for all of them; log levels, pings and subscriptions are
/// answered here.
struct ModernConversation {
    /// What is to be done.
    enum Effect {
        /// Send a request.
        case send(ModernRequest)
        /// Nothing is wanted from this request any more.
        case cancel(RequestID)
        /// Tell the managed server.
        case report(UpstreamEvent)
        /// Call `rang` after this time, and not as asked for before.
        case wake(Alarm, after: Duration)
        /// The server is not what it was taken for.
        case mistaken(reason: String)
    }

    /// What is waited for.
    enum Alarm: Hashable {
        /// The pause before this call is repeated.
        case pause(RequestID)
        /// Something about the listening.
        case listen
        /// The list of tools, which calls wait for.
        case tools
    }

    /// A call that waits for its result.
    struct Call {
        /// As it was given here.
        let message: Message
        let method: String
        let context: CallContext
        /// The id that it has on the wire now, the first time its own.
        var leg: RequestID
        var legs = 1
        /// Whether something is on the wire for it.
        var isSent = true
        var rounds: InputRounds?
        /// What it is repeated with.
        var inputs: InputAnswers?
        var isRepeatedForHeaders = false
        /// How far the server has got, as it said last.
        var progress = -Double.infinity
    }

    /// What a request on the wire is for that is not the first of a call.
    enum Purpose {
        case call(RequestID)
        case ping(RequestID)
        case listen
        case tools
    }

    /// The server's name, for messages.
    let server: String
    let author: RequestAuthor
    /// Whether requests have header fields, and tools arguments in them.
    let isOverHTTP: Bool
    var calls: [RequestID: Call] = [:]
    var purposes: [RequestID: Purpose] = [:]
    /// The calls that the client is being asked for.
    var questions: [RequestID: RequestID] = [:]
    var ids: QuestionIDs
    var listen: ListenUnion
    var tools = ToolHeaders()
    var listing: ToolListing
    private var count = 0

    /// - Parameters:
    ///   - description: what the server said of itself.
    ///   - nonce: a number that no other connection has.
    init(
        with server: String, as description: ServerDescription, author: RequestAuthor, isOverHTTP: Bool, nonce: UInt64
    ) {
        self.server = server
        self.author = author
        self.isOverHTTP = isOverHTTP
        ids = QuestionIDs(nonce: nonce)
        listen = ListenUnion(features: description.features.filter(description.announcesChanges))
        listing = ToolListing(isNeeded: isOverHTTP && description.features.contains(.tools))
    }

    /// What to do first.
    mutating func begin(now: Duration) -> [Effect] {
        apply(listen.begin(now: now)) + listTools()
    }

    // MARK: From the managed server

    /// A message for the server, as a server of MCP 2025-11-25 would get it.
    mutating func send(_ message: Message, _ context: CallContext, now: Duration) -> [Effect] {
        switch message.kind {
        case .request: request(message, context, now: now)
        case .notification: notify(message, now: now)
        case .response: answer(message)
        }
    }

    private mutating func request(_ message: Message, _ context: CallContext, now: Duration) -> [Effect] {
        guard let id = message.id, let method = message.methodName else { return [] }
        switch method {
        case "ping":
            let probe = own("server/discover", for: .ping(id))
            return [.send(probe)]
        case "logging/setLevel":
            // Each request says what its client wants.
            return [Self.answer(id, ByteBuffer(string: "{}"))]
        case "resources/subscribe":
            return apply(listen.subscribe(message.paramsURI ?? "", for: id, now: now))
        case "resources/unsubscribe":
            return apply(listen.unsubscribe(message.paramsURI ?? "", for: id, now: now))
        default:
            calls[id] = Call(message: message, method: method, context: context, leg: id)
            guard method == "tools/call", listing.mustBeWaitedFor else { return transmit(id) }
            calls[id]?.isSent = false
            listing.wait(id)
            return []
        }
    }

    private mutating func notify(_ message: Message, now: Duration) -> [Effect] {
        guard message.isMethod("notifications/cancelled"), let id = message.cancelledRequestID else {
            // The core of this revision knows no other.
            return []
        }
        if let call = close(id) { return call.isSent ? [.cancel(call.leg)] : [] }
        return apply(listen.forget(id, now: now))
    }

    // MARK: Requests

    /// Puts a call on the wire, the first time or again.
    mutating func transmit(_ id: RequestID) -> [Effect] {
        guard var call = calls[id] else { return [] }
        call.isSent = true
        calls[id] = call
        let parameters = isOverHTTP && call.method == "tools/call" ? tools.fields(of: call.message) : []
        return [
            .send(
                ModernRequest(
                    call.message, id: call.legs > 1 ? call.leg : nil, method: call.method, inputs: call.inputs,
                    parameters: parameters, context: call.context, author: author))
        ]
    }

    /// Gives a call another id, under which it can be sent again.
    mutating func beginLeg(of id: RequestID, with inputs: InputAnswers?) {
        guard var call = calls[id] else { return }
        purposes[call.leg] = nil
        call.legs += 1
        call.inputs = inputs
        call.leg = RequestID(json: ByteBuffer(string: #""\#(String(buffer: id.json).unquoted)/\#(call.legs)""#))
        call.isSent = false
        purposes[call.leg] = .call(id)
        calls[id] = call
    }

    /// A request of the gateway's own.
    mutating func own(
        _ method: String, params: [JSONOutline.Member] = [], id: RequestID? = nil, for purpose: Purpose
    ) -> ModernRequest {
        count += 1
        let id = id ?? RequestID(json: ByteBuffer(string: #""own-\#(count)""#))
        purposes[id] = purpose
        return ModernRequest(id: id, method: method, params: params, author: author)
    }

    /// The call that something on the wire belongs to, by its id there.
    func call(on leg: RequestID) -> RequestID? {
        if calls[leg]?.leg == leg { return leg }
        if case .call(let id) = purposes[leg] { return id }
        return nil
    }

    /// A request could not be sent: whether whoever wanted it has to be told so.
    mutating func takeBack(_ wireID: RequestID) -> Bool {
        if let id = call(on: wireID), calls[id]?.legs == 1 {
            close(id)
            return true
        }
        guard case .ping = purposes[wireID] else { return false }
        purposes[wireID] = nil
        return true
    }

    /// Forgets a call and what its client was asked.
    @discardableResult
    mutating func close(_ id: RequestID) -> Call? {
        guard let call = calls.removeValue(forKey: id) else { return nil }
        purposes[call.leg] = nil
        for question in call.rounds?.open ?? [] { questions[question] = nil }
        listing.forget(id)
        return call
    }

    static func answer(_ id: RequestID, _ result: ByteBuffer) -> Effect {
        report(MessageBuilder.result(id: id, result))
    }

    /// Reports a message that the gateway has written.
    static func report(_ line: ByteBuffer, during call: RequestID? = nil) -> Effect {
        guard let message = try? Message(line) else { preconditionFailure("the gateway wrote what is no message") }
        return .report(.message(message, during: call))
    }
}

extension String {
    /// An id is a number, or a text in quotes.
    fileprivate var unquoted: String { filter { $0 != "\"" && $0 != "\\" } }
}
