internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// One `subscriptions/listen` of a client of MCP 2026-07-28: a request whose answer comes when it is over.
///
/// To the server it is a caller that only listens. What it is told carries the id of the request, and comes only after
/// the acknowledgement, which waits until the server has taken the subscriptions to resources.
actor Listening {
    private nonisolated let executor: any SerialExecutor
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
    nonisolated let principal: PrincipalKey

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        _ request: StatelessRequest, caller: Caller, desk: StatelessDesk, sink: any StatelessSink,
        eventLoop: any EventLoop
    ) throws(ModernError) {
        guard request.id.json.readableBytes <= Self.idLimit else {
            throw ModernError(.invalidParams, "the id of a subscription may have \(Self.idLimit) bytes at most")
        }
        wanted = try ListenFilter(params: request.message.params)
        executor = eventLoop.executor
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
        callee.describe(for: caller) { result in
            self.assumeIsolated { listening in
                guard !listening.hasEnded else { return }
                switch result {
                case .success(let description): listening.subscribe(description)
                case .failure(let unavailability): listening.fail(unavailability)
                }
            }
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
        callee.attach(self, as: caller)
        let uris = description.offersResourceSubscriptions ? wanted.resources : []
        pending = uris.count
        for (index, uri) in uris.enumerated() {
            let subscriptionID = RequestID(index + 1)
            let request = MessageBuilder.request(
                id: subscriptionID, method: "resources/subscribe", params: JSONText.object([("uri", uri)]))
            guard let message = try? Message(request) else { continue }
            callee.subscribe(message, id: subscriptionID, by: caller, sink: Outcome(listening: self, uri: uri))
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
        desk.assumeIsolated { $0.forget(self) }
    }

    /// What became of one subscription.
    private struct Outcome: CallerSink {
        let listening: Listening
        let uri: ByteBuffer

        func deliver(_ message: ByteBuffer) -> Bool { false }

        func finish(_ answer: Answer) { listening.assumeIsolated { $0.settled(uri, answer) } }
    }
}

extension Listening: ServerObserver {
    nonisolated func listChanged(_ feature: Feature) { assumeIsolated { $0.tell(feature) } }

    nonisolated func described(_ description: ServerDescription) {}

    nonisolated func notified(_ notification: Message) { assumeIsolated { $0.pass(notification) } }

    /// It declared nothing that could be asked.
    nonisolated func asked(_ request: ServerRequest) {
        assumeIsolated { listening in
            let refusal = MessageBuilder.error(
                id: listening.id, code: ErrorCode.methodNotFound.rawValue, message: "a subscription cannot be asked")
            if let message = try? Message(refusal) {
                listening.callee.answer(request.id, with: message, by: listening.caller.id)
            }
        }
    }

    nonisolated func withdrawn(_ request: ServerRequestID) {}
}

extension Listening: StatelessExchange {
    nonisolated func clientHasGone() {
        assumeIsolated { listening in
            if !listening.hasEnded { listening.end() }
        }
    }
}
