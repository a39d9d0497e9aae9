internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// The HTTP+SSE transport of MCP 2024-11-05: `GET /NAME/sse` opens a session and its stream, `POST /NAME/message`
/// sends a message of it. The session lives as long as the stream.
final class LegacySSEEndpoint {
    private let gateway: Gateway
    private let settings: FrontSettings
    /// The stream of each session that was opened here; bounded by the gateway's number of sessions.
    private var streams: [String: EventStream] = [:]

    init(gateway: Gateway, settings: FrontSettings) {
        self.gateway = gateway
        self.settings = settings
    }

    /// Whether a session was opened here. It lives as long as its stream here, so nobody else may give it another one.
    func owns(_ session: ClientSession) -> Bool {
        streams[session.id] != nil
    }

    /// Opens a session.
    func open(_ visit: Visit, publicPath: String, responder: Responder) {
        let session: ClientSession
        switch gateway.open(visit) {
        case .success(let opened): session = opened
        case .failure(let refusal):
            return responder.respond(.refusal(refusal, retryAfter: settings.retryAfter))
        }
        guard let stream = responder.startEvents() else {
            return gateway.assumeIsolated { $0.close(session) }
        }
        let id = session.id
        streams[id] = stream
        // The client has nowhere else to hear from us: without the stream the session is over, its calls included.
        stream.onLoss = { [weak self, gateway] in
            self?.streams[id] = nil
            gateway.assumeIsolated { $0.close(session) }
        }
        stream.send(EventFraming.endpoint("\(publicPath)/message?sessionId=\(id)"))
        let outlet = SessionOutlet(stream, eventLoop: gateway.eventLoop) { [weak self] in self?.streams[id] = nil }
        session.assumeIsolated { $0.attach(outlet) }
    }

    /// Takes a message of a session, or a batch of them. The answers go to the session's stream.
    func post(_ visit: Visit, session id: String?, body: ByteBuffer, responder: Responder) {
        var single: Message?
        do throws(ScanError) {
            single = try Message(body)
        } catch {
            guard error == .batch else { return responder.respond(.unreadable(error)) }
        }
        let (session, stream): (ClientSession, EventStream)
        switch find(id, visit, single?.id) {
        case .success(let found): (session, stream) = found
        case .failure(let early): return responder.respond(early.response)
        }
        let messages: [Message]
        if let single {
            messages = [single]
        } else {
            switch Batch.read(body, in: session) {
            case .success(let batch): messages = batch.messages
            case .failure(let refusal): return responder.respond(.badBatch(refusal))
            }
        }
        // Before the messages are handled, since the acknowledgement must not wait for an answer.
        responder.respond(.accepted)
        for message in messages where message.kind == .request { stream.expectAnswer() }
        let sink = LegacyCallSink(stream, eventLoop: gateway.eventLoop)
        session.assumeIsolated { session in
            messages.forEach { session.receive($0, headers: visit.forwarded, sink: sink) }
        }
    }

    private func find(
        _ id: String?, _ visit: Visit, _ messageID: RequestID?
    ) -> Result<(ClientSession, EventStream), RequestLadder.EarlyAnswer> {
        guard let id, !id.isEmpty else {
            return .failure(.init(response: .badSessionParameter("is missing", messageID)))
        }
        guard SessionField.isWellFormed(id) else {
            return .failure(.init(response: .badSessionParameter("is malformed", messageID)))
        }
        guard let session = gateway.session(id, for: visit), let stream = streams[id] else {
            return .failure(.init(response: .unknownSession(messageID)))
        }
        return .success((session, stream))
    }
}

extension Response {
    fileprivate static func badSessionParameter(_ problem: String, _ id: RequestID?) -> Response {
        rpcRefusal(.badRequest, .invalidRequest, "the sessionId query parameter \(problem)", id: id)
    }
}

/// Sends what comes of one call to the stream of its session. An object, since it is handed on many times.
final class LegacyCallSink: CallerSink {
    private let stream: NIOLoopBound<EventStream>

    init(_ stream: EventStream, eventLoop: any EventLoop) {
        self.stream = NIOLoopBound(stream, eventLoop: eventLoop)
    }

    func deliver(_ message: ByteBuffer) -> Bool {
        stream.value.send(EventFraming.message(message))
        return true
    }

    func finish(_ answer: Answer) {
        // The client that cancelled does not wait, and the stream does not end with the answer: silence is expected.
        if case .cancelled = answer {} else { stream.value.send(EventFraming.message(answer.message)) }
        stream.value.answerCame()
    }
}
