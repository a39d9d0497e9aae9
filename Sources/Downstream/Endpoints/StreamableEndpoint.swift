internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1

/// The streamable HTTP transport of MCP 2025-03-26 to 2025-11-25 at `/NAME/mcp`: POST sends a message, GET listens,
/// DELETE ends the session. A POST of a later revision is handed on.
final class StreamableEndpoint {
    private let gateway: Gateway
    private let settings: FrontSettings
    private let deferrals: DeferralLine
    private let legacy: LegacySSEEndpoint
    private let replays: ReplayStore
    private let stateless: StatelessEndpoint

    /// - Parameters:
    ///   - legacy: whose sessions are none of this transport's.
    ///   - desk: serves those who need no session.
    init(
        gateway: Gateway, settings: FrontSettings, legacy: LegacySSEEndpoint, replays: ReplayStore, desk: StatelessDesk
    ) {
        self.legacy = legacy
        self.replays = replays
        self.gateway = gateway
        self.settings = settings
        deferrals = DeferralLine(eventLoop: gateway.eventLoop, delay: settings.deferredAnswerDelay)
        stateless = StatelessEndpoint(desk, settings: settings, deferrals: deferrals)
    }

    /// Takes one message.
    func post(_ visit: Visit, accept: AcceptHeader, body: ByteBuffer, responder: Responder) {
        let message: Message
        do throws(ScanError) {
            message = try Message(body)
        } catch {
            guard error == .batch else {
                return responder.respond(.unreadable(error, Era.isStateless(visit.fields) ? .stateless : .sessions))
            }
            return postBatch(visit, accept, body, responder)
        }
        guard Era.of(message, visit.fields) == .sessions else {
            return stateless.post(message, visit, accept: accept, responder: responder)
        }
        let isInitialize = message.kind == .request && message.isMethod("initialize")
        if isInitialize, visit.fields.sessionID == .absent || visit.fields.sessionID == .value("") {
            return initialize(message, visit, accept, responder)
        }
        let session: ClientSession
        switch self.session(of: visit, message.id) {
        case .success(let found): session = found
        case .failure(let early): return responder.respond(early.response)
        }
        guard !isInitialize else {
            return responder.respond(
                .rpcRefusal(
                    .badRequest, .invalidRequest, "this session is initialized already; send initialize without one",
                    id: message.id))
        }
        switch message.kind {
        case .request:
            let call = StreamableCall(
                .single, of: session, replays: replays, responder: responder, accept: accept)
            let sink = call.sink(on: gateway.eventLoop)
            session.assumeIsolated { $0.receive(message, headers: visit.forwarded, sink: sink) }
            call.wait(in: deferrals)
        case .notification, .response:
            session.assumeIsolated { $0.receive(message) }
            responder.respond(.empty(.accepted))
        }
    }

    private func postBatch(_ visit: Visit, _ accept: AcceptHeader, _ body: ByteBuffer, _ responder: Responder) {
        guard !Era.isStateless(visit.fields) else {
            return responder.respond(
                .rpcRefusal(
                    .badRequest, .invalidRequest, "Invalid request: this revision has no batches", era: .stateless))
        }
        let session: ClientSession
        switch self.session(of: visit, nil) {
        case .success(let found): session = found
        case .failure(let early): return responder.respond(early.response)
        }
        let batch: Batch
        switch Batch.read(body, in: session) {
        case .success(let read): batch = read
        case .failure(let refusal): return responder.respond(.badBatch(refusal))
        }
        guard batch.requestCount > 0 else {
            session.assumeIsolated { session in batch.messages.forEach { session.receive($0) } }
            return responder.respond(.empty(.accepted))
        }
        let call = StreamableCall(
            .batch(requests: batch.requestCount), of: session, replays: replays, responder: responder, accept: accept)
        let sink = call.sink(on: gateway.eventLoop)
        session.assumeIsolated { session in
            batch.messages.forEach { session.receive($0, headers: visit.forwarded, sink: sink) }
        }
        call.wait(in: deferrals)
    }

    /// Opens the stream for what belongs to no request, or goes on with one whose connection was lost.
    func listen(_ visit: Visit, responder: Responder) {
        let session: ClientSession
        switch self.session(of: visit, nil) {
        case .success(let found): session = found
        case .failure(let early): return responder.respond(early.response)
        }
        let streams = replays.streams(of: session)
        let stream: ResumableStream
        let replayed: [ByteBuffer]
        do throws(ResumptionRefusal) {
            (stream, replayed) = try streams.wanted(visit.fields.lastEventID)
        } catch {
            return responder.respond(error.response)
        }
        guard let connection = responder.startEvents() else { return }
        session.assumeIsolated { $0.touch() }
        guard stream.isStandalone else { return stream.connect(connection, replaying: replayed) }
        let outlet = StandaloneOutlet(stream, connection, eventLoop: gateway.eventLoop)
        stream.connect(connection, replaying: replayed) { session.assumeIsolated { $0.detach(outlet) } }
        session.assumeIsolated { $0.attach(outlet) }
    }

    /// Ends a session, its calls included.
    func delete(_ visit: Visit, responder: Responder) {
        switch session(of: visit, nil) {
        case .success(let session):
            gateway.assumeIsolated { $0.close(session) }
            responder.respond(.empty(.ok))
        case .failure(let early):
            responder.respond(early.response)
        }
    }

    private func initialize(_ message: Message, _ visit: Visit, _ accept: AcceptHeader, _ responder: Responder) {
        switch gateway.open(visit) {
        case .success(let session):
            let opening = SessionOpening(
                session: session, gateway: gateway, replays: NIOLoopBound(replays, eventLoop: gateway.eventLoop),
                responder: responder, accept: accept, retryAfter: settings.retryAfter)
            session.assumeIsolated { $0.receive(message, sink: opening) }
        case .failure(let refusal):
            responder.respond(.refusal(refusal, retryAfter: settings.retryAfter))
        }
    }

    /// The session that the head names, once the protocol version that it names is one that is spoken here.
    private func session(
        of visit: Visit, _ id: RequestID?
    ) -> Result<ClientSession, RequestLadder.EarlyAnswer> {
        guard let sessionID = visit.fields.sessionID.single, !sessionID.isEmpty else {
            let problem = visit.fields.sessionID == .repeated ? "came more than once" : "is missing"
            return .failure(
                .init(
                    response: .rpcRefusal(
                        .badRequest, .invalidRequest, "the Mcp-Session-Id header \(problem): initialize first", id: id))
            )
        }
        guard let session = gateway.session(sessionID, for: visit), !legacy.owns(session) else {
            return .failure(.init(response: .unknownSession(id)))
        }
        switch visit.fields.protocolVersion {
        case .absent:
            // Clients before 2025-06-18 send none; the session knows what was negotiated.
            return .success(session)
        case .value(let version) where ProtocolRevision(legacy: version) != nil:
            return .success(session)
        case .value, .repeated:
            let spoken = ProtocolRevision.legacy.map(\.rawValue).joined(separator: ", ")
            return .failure(
                .init(
                    response: .rpcRefusal(
                        .badRequest, .invalidRequest,
                        "unsupported MCP-Protocol-Version header; this gateway speaks \(spoken)", id: id)))
        }
    }
}
