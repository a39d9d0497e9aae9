internal import Curl
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// One life of a connection to a server that is reached over HTTP.
///
/// It finds out which transport the server speaks, opens it, and does the handshake; and does that again when the
/// server has forgotten the session. Whether the server is there at all shows with the first message that cannot be
/// sent: then the life ends, and the lifecycle decides when to try again.
actor RemoteConnection: UpstreamConnection {
    let specification: ServerSpecification
    let handshake: Handshake
    let author: RequestAuthor
    let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    let onEvent: @Sendable (UpstreamEvent) -> Void

    var phase = Phase.opening
    /// Whether calls may be in flight from before the session was renewed.
    var hasBeenReady = false
    var opening: Opening?
    var transport: (any RemoteTransport)?
    /// The same, if it is one that is opened with `initialize`.
    var legacy: (any LegacyTransport)? { transport as? any LegacyTransport }
    /// What a server of MCP 2026-07-28 is spoken to through.
    var link: ModernLink?
    /// The end of the wait for an answer to what the server may not understand.
    var patience: Scheduled<Void>?
    var deadline: Scheduled<Void>?
    var noise = NoiseGauge()

    /// How far it has come.
    enum Phase: Equatable {
        /// `initialize` is to be answered.
        case opening
        /// `notifications/initialized` is on its way.
        case confirming(ServerDescription)
        /// Messages may be sent.
        case ready
        /// It is of no use any more, or is being closed.
        case closing
        /// The last event was sent.
        case ended
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        specification: ServerSpecification, handshake: Handshake, author: RequestAuthor, eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) {
        self.specification = specification
        self.handshake = handshake
        self.author = author
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        self.onEvent = onEvent
    }

    // MARK: UpstreamConnection

    nonisolated func send(_ message: ByteBuffer, context: CallContext) throws(UpstreamSendFailure) {
        try assumeIsolated { connection in
            Result { () throws(UpstreamSendFailure) in try connection.post(message, context) }
        }.get()
    }

    nonisolated func closeInput() {
        assumeIsolated { $0.leave() }
    }

    nonisolated func terminate() {
        assumeIsolated { $0.close() }
    }

    nonisolated func kill() {
        assumeIsolated { $0.close() }
    }

    private func post(_ message: ByteBuffer, _ context: CallContext) throws(UpstreamSendFailure) {
        guard phase == .ready else { throw .closed }
        if let link { return try link.send(message, context) }
        guard let legacy else { throw .closed }
        try legacy.send(message, forwarded: context.headers)
    }

    // MARK: Messages

    func take(_ message: Message, during call: RequestID?) {
        guard phase != .ready else { return onEvent(.message(message, during: call)) }
        guard phase != .closing, phase != .ended else { return }
        switch handshake.step(message) {
        case .wait:
            // Answers to calls from before the session was renewed.
            if hasBeenReady { onEvent(.message(message, during: call)) }
        case .reply(let reply):
            // One that asks and asks but takes no answers must not fill the memory.
            try? legacy?.send(reply, forwarded: [])
        case .complete(let description, let initialized):
            guard phase == .opening else { return }
            phase = .confirming(description)
            legacy?.confirm(description, with: initialized)
        case .fail(let reason):
            guard phase == .opening else { return }
            fail(reason)
        }
    }

    func becomeReady() {
        guard case .confirming(let description) = phase else { return }
        deadline?.cancel()
        phase = .ready
        hasBeenReady = true
        onEvent(.ready(description))
    }

    // MARK: Ending

    /// Hides what the gateway sends in confidence: servers repeat it, and reasons are shown to everybody.
    var discreet: ErrorNote { opening?.wire.note() ?? ErrorNote(secrets: []) }

    /// The server is there, but of no use: it is taken leave of.
    func fail(_ reason: String) {
        guard phase != .closing, phase != .ended else { return }
        phase = .closing
        onEvent(.unusable(reason: discreet.hiding(reason)))
    }

    private func leave() {
        guard phase != .ended else { return }
        phase = .closing
        guard let transport else { return close() }
        transport.leave { self.close() }
    }

    /// Ends it, but not before whoever wants that has finished the sentence.
    private func close() {
        guard phase != .ended else { return }
        phase = .closing
        eventLoop.execute { self.assumeIsolated { $0.end(.connectionLost(reason: "closed on request")) } }
    }

    func end(_ cause: ExitReport.Cause, isPermanent: Bool = false) {
        guard phase != .ended else { return }
        phase = .ended
        deadline?.cancel()
        deadline = nil
        patience?.cancel()
        patience = nil
        link?.stop()
        link = nil
        transport?.abandon()
        transport = nil
        onEvent(.ended(cause.hiding(by: discreet), isPermanent: isPermanent))
    }
}

extension ExitReport.Cause {
    /// The same without secrets in its reason.
    fileprivate func hiding(by note: ErrorNote) -> Self {
        switch self {
        case .exited, .signalled: self
        case .notStarted(let reason): .notStarted(reason: note.hiding(reason))
        case .unreachable(let reason): .unreachable(reason: note.hiding(reason))
        case .unauthorized(let reason): .unauthorized(reason: note.hiding(reason))
        case .handshakeFailed(let reason): .handshakeFailed(reason: note.hiding(reason))
        case .connectionLost(let reason): .connectionLost(reason: note.hiding(reason))
        }
    }
}
