internal import GatewayCore
internal import JSONRPC
internal import Logging
internal import MCP
internal import NIOCore
internal import Supervision

/// What is between a client and the server elsewhere: a gateway with one server and one client. So everything that is
/// true of the gateway is true of it: the connection is opened again when it breaks, no call is sent twice, and each is
/// answered once. Used on the event loop only.
final class BridgeLink {
    let supervisor: Supervisor
    private let gateway: Gateway
    private let route: Route
    private let desk: StatelessDesk
    private let pool: InstancePool
    private let output: any BridgeOutput
    private let eventLoop: any EventLoop
    private let onAnswer: @Sendable () -> Void
    private var session: ClientSession?
    /// Requests without a session that are not answered yet; the gateway bounds those that stay.
    private var requests: [RequestID: StatelessState] = [:]
    /// How many answers are due.
    private(set) var due = 0

    /// A request without a session.
    private struct StatelessState {
        /// What is told when its client gives it up.
        var exchange: (any StatelessExchange)?
        /// Whether its answer is due: that to a subscription is not.
        let isDue: Bool
    }

    /// - Parameter onAnswer: called on a later turn of the loop, when one that was due has been written.
    init?(
        for client: BridgeClient, to settings: Bridge.Settings, output: any BridgeOutput, on eventLoop: any EventLoop,
        onAnswer: @escaping @Sendable () -> Void
    ) {
        var specification = settings.specification
        specification.clientCapabilities = client.capabilities
        // Each of its requests is a caller of its own. Only where it can be asked something does it need more than the
        // one connection.
        specification.isolation.isInteractive = client.isModern
        supervisor = Supervisor(
            [specification], on: eventLoop, connector: settings.connector(client),
            role: client.isModern ? .shared : .session(Gateway.firstCaller), logger: settings.logger)
        guard let pool = supervisor.assumeIsolated({ $0.pools.first }) else { return nil }
        self.pool = pool
        route = Route(name: specification.name, server: pool, access: AccessRules(tokens: []))
        gateway = Gateway(eventLoop: eventLoop, routes: [route])
        desk = StatelessDesk(gateway)
        self.output = output
        self.eventLoop = eventLoop
        self.onAnswer = onAnswer
    }

    /// Takes a message of the client's.
    func take(_ message: Message) {
        switch message.kind {
        case .request where BridgeClient.isModern(message): takeStateless(message)
        case .request: takeRequest(message)
        case .notification where cancels(message): return
        case .notification, .response: session?.assumeIsolated { $0.receive(message) }
        }
    }

    /// Answers what is still due with errors, and lets go of the server.
    func close() {
        pool.assumeIsolated { $0.abandonCalls() }
        gateway.assumeIsolated { $0.closeAllSessions() }
        desk.closeAll()
        for request in requests.values { request.exchange?.clientHasGone() }
        supervisor.assumeIsolated { $0.stop() }
    }

    // MARK: With a session

    private func takeRequest(_ message: Message) {
        let session = session ?? open()
        guard let session else { return refuse(message, .internalError, "no session can be opened") }
        due += 1
        let sink = SessionSink(output: output, onAnswer: later { $0.answered() })
        session.assumeIsolated { $0.receive(message, sink: sink) }
    }

    private func open() -> ClientSession? {
        let session = gateway.assumeIsolated { [route] gateway in
            try? gateway.openSession(on: route, principal: .local)
        }
        let stream = OutputStream(output)
        session?.assumeIsolated { $0.attach(stream) }
        self.session = session
        return session
    }

    // MARK: Without

    private func takeStateless(_ message: Message) {
        guard let id = message.id else { return }
        guard requests[id] == nil else {
            return refuse(message, .invalidRequest, "a request with this id waits for its answer already")
        }
        let metadata: RequestMetadata
        do throws(RequestMetadata.Mistake) {
            metadata = try RequestMetadata(of: message)
        } catch {
            return refuse(message, .invalidParams, "Invalid params: \(error.reason)")
        }
        guard metadata.protocolVersion == ProtocolRevision.newestModern.rawValue else {
            let supported = JSONText.array([JSONText.quotedBuffer(ProtocolRevision.newestModern.rawValue)])
            return refuse(
                message, .unsupportedProtocolVersion, "Unsupported protocol version",
                data: JSONText.object([
                    ("supported", supported), ("requested", JSONText.quotedBuffer(metadata.protocolVersion)),
                ]))
        }
        let isDue = !message.isMethod("subscriptions/listen")
        if isDue { due += 1 }
        requests[id] = StatelessState(isDue: isDue)
        let request = StatelessRequest(
            message, method: message.methodName ?? "", id: id, metadata: metadata, route: route, principal: .local,
            headers: [], parameters: nil)
        let sink = RequestSink(output: output, onAnswer: later { $0.ended(id) })
        let exchange = desk.take(request, sink: sink)
        requests[id]?.exchange = exchange
    }

    private func ended(_ id: RequestID) {
        guard let request = requests.removeValue(forKey: id) else { return }
        if request.isDue { answered() }
    }

    /// Whether a notification gives up a request without a session; if so, that is done.
    private func cancels(_ notification: Message) -> Bool {
        guard notification.isMethod("notifications/cancelled"), let id = notification.cancelledRequestID,
            let request = requests[id]
        else { return false }
        request.exchange?.clientHasGone()
        ended(id)
        return true
    }

    /// Not while whoever would be told is at work on the answer.
    private func later(_ action: @escaping @Sendable (BridgeLink) -> Void) -> @Sendable () -> Void {
        let link = NIOLoopBound(self, eventLoop: eventLoop)
        return { [eventLoop] in eventLoop.execute { action(link.value) } }
    }

    private func answered() {
        due -= 1
        onAnswer()
    }

    private func refuse(_ message: Message, _ code: ErrorCode, _ reason: String, data: ByteBuffer? = nil) {
        output.write(
            message: MessageBuilder.error(id: message.id, code: code.rawValue, message: reason, data: data))
    }
}
