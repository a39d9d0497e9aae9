internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// One `subscriptions/listen` of a client of MCP 2026-07-28: a request whose answer comes when it is over.
///
/// To the server it is a caller that only listens. What it is told carries the id of the request, and comes only after
/// the acknowledgement, which waits until the server has taken the subscriptions to resources. Bound to the event loop.
final class Listening: StatelessExchange {
    private let id: RequestID
    private let caller: Caller
    private let callee: any Callee
    private let desk: StatelessDesk
    private let sink: any StatelessSink
    private let wanted: ListenFilter
    private var honoured = ListenFilter()
    /// Subscriptions that the server has neither taken nor refused.
    private var pending = 0
    private var isAcknowledged = false
    /// What changed before the acknowledgement.
    private var held: Set<Feature> = []
    private var hasEnded = false

    /// The longest id: it stands in everything that the client is told.
    private static let idLimit = 1024

    /// Whose it is.
    let principal: PrincipalKey

    init(
        _ request: StatelessRequest, caller: Caller, desk: StatelessDesk, sink: any StatelessSink
    ) throws(ModernError) {
        guard request.id.json.readableBytes <= Self.idLimit else {
            throw ModernError(.invalidParams, "the id of a subscription may have \(Self.idLimit) bytes at most")
        }
        wanted = try ListenFilter(params: request.message.params)
        // Copies, or the whole request would be kept for as long as the subscription.
        id = RequestID(json: ByteBuffer(bytes: request.id.json.readableBytesView))
        let profile = caller.profile
        // It only listens, so it needs no instance that it could be asked by.
        self.caller = Caller(
            caller.id,
            ClientProfile(
                principal: profile.principal,
                clientInfo: profile.clientInfo.map { ByteBuffer(bytes: $0.readableBytesView) },
                revision: profile.revision))
        principal = profile.principal
        callee = request.route.callee
        self.desk = desk
        self.sink = sink
    }

    func begin() {
        let listening = bound
        callee.describe(for: caller) { listening.value.described($0) }
    }

    private func described(_ result: Result<ServerDescription, Unavailability>) {
        guard !hasEnded else { return }
        switch result {
        case .success(let description): subscribe(description)
        case .failure(let unavailability): fail(unavailability)
        }
    }

    /// Ends it in order, because the gateway or its server goes: the client may subscribe again elsewhere.
    func close() {
        guard !hasEnded else { return }
        let result = JSONText.object([
            ("resultType", JSONText.quotedBuffer("complete")), ("_meta", JSONText.object([tag])),
        ])
        end()
        sink.finish(StatelessAnswer(MessageBuilder.result(id: id, result)))
    }

    private func subscribe(_ description: ServerDescription) {
        honoured.features = wanted.features.intersection(description.features)
        callee.attach(Observer(listening: bound), as: caller)
        let uris = description.offersSubscriptions ? wanted.resources : []
        pending = uris.count
        for (index, uri) in uris.enumerated() {
            let subscriptionID = RequestID(index + 1)
            let request = MessageBuilder.request(
                id: subscriptionID, method: "resources/subscribe", params: JSONText.object([("uri", uri)]))
            guard let message = try? Message(request) else { continue }
            callee.subscribe(message, id: subscriptionID, by: caller, sink: Outcome(listening: bound, uri: uri))
        }
        if pending == 0 { acknowledge() }
    }

    private func settled(_ uri: ByteBuffer, _ answer: Answer) {
        guard !hasEnded else { return }
        pending -= 1
        if case .message(let bytes) = answer, let message = try? Message(bytes), message.error == nil {
            honoured.resources.append(uri)
        }
        if pending == 0 { acknowledge() }
    }

    private func acknowledge() {
        guard !isAcknowledged else { return }
        isAcknowledged = true
        let params = JSONText.object([("_meta", JSONText.object([tag])), ("notifications", honoured.json)])
        sink.deliver(MessageBuilder.notification(method: "notifications/subscriptions/acknowledged", params: params))
        for feature in held { tell(feature) }
        held = []
    }

    private func tell(_ feature: Feature) {
        guard !hasEnded, honoured.features.contains(feature), let method = feature.listChangedMethod else { return }
        guard isAcknowledged else {
            held.insert(feature)
            return
        }
        sink.deliver(
            MessageBuilder.notification(method: method, params: JSONText.object([("_meta", JSONText.object([tag]))])))
    }

    private func pass(_ notification: Message) {
        guard !hasEnded, isAcknowledged, notification.isMethod("notifications/resources/updated"),
            let range = notification.envelope.params
        else { return }
        var members = JSONOutline.members(of: notification.slice(range)) ?? []
        let meta = members.first { $0.key == "_meta" }.flatMap { JSONOutline.members(of: $0.value) } ?? []
        members.removeAll { $0.key == "_meta" }
        let tagged = JSONText.object(meta.filter { $0.key != MetaKey.subscriptionID } + [tag])
        sink.deliver(notification.replacing((range, JSONText.object([("_meta", tagged)] + members))))
    }

    private var tag: (key: String, value: ByteBuffer) { (MetaKey.subscriptionID, id.json) }

    private func fail(_ unavailability: Unavailability) {
        end()
        sink.finish(.unavailable(unavailability, id: id))
    }

    private func end() {
        hasEnded = true
        callee.detach(caller.id)
        desk.forget(self)
    }

    /// The client has closed its response.
    func clientHasGone() {
        if !hasEnded { end() }
    }

    private func refuse(_ question: ServerRequestID) {
        let refusal = MessageBuilder.error(
            id: id, code: ErrorCode.methodNotFound.rawValue, message: "a subscription cannot be asked")
        if let message = try? Message(refusal) { callee.answer(question, with: message, by: caller.id) }
    }

    private var bound: NIOLoopBound<Listening> { NIOLoopBound(self, eventLoop: desk.eventLoop) }

    /// What became of one subscription.
    private struct Outcome: CallerSink {
        let listening: NIOLoopBound<Listening>
        let uri: ByteBuffer

        func deliver(_ message: ByteBuffer) -> Bool { false }

        func finish(_ answer: Answer) { listening.value.settled(uri, answer) }
    }

    /// Hears what the server says.
    private struct Observer: ServerObserver {
        let listening: NIOLoopBound<Listening>

        func listChanged(_ feature: Feature) { listening.value.tell(feature) }
        func described(_ description: ServerDescription) {}
        func notified(_ notification: Message) { listening.value.pass(notification) }
        /// It declared nothing that could be asked.
        func asked(_ request: ServerRequest) { listening.value.refuse(request.id) }
        func withdrawn(_ request: ServerRequestID) {}
    }
}
