internal import Curl
internal import NIOCore
internal import Supervision

// How a connection finds its transport and opens it, for the first time and when the session is lost.

extension RemoteConnection {
    /// What connections share.
    struct Means: Sendable {
        let client: HTTPClient
        let memory: TransportMemory
        /// What the gateway calls itself in every request.
        let userAgent: String
        /// How long a server that is asked what it is may be silent.
        let probePatience: Duration
        /// Whether a server that can be opened with `initialize` is, whatever else it speaks.
        let prefersSessions: Bool
        /// What servers are configured with.
        let names: SettingNames
    }

    /// Where the server is, and what is known of how it is spoken to.
    struct Opening {
        let endpoint: RemoteEndpoint
        let wire: RemoteWire
        let memory: TransportMemory
        let probePatience: Duration
        var detection: TransportDetection
    }

    func open(with means: Means) {
        guard phase == .opening else { return }
        guard case .remote(let endpoint) = specification.launch else {
            return end(.notStarted(reason: "it is not reached over HTTP"), isPermanent: true)
        }
        do throws(UnusableEndpoint) {
            let wire = try RemoteWire(
                to: endpoint, by: means, on: eventLoop, messageLimit: specification.messageLimit)
            let detection = TransportDetection(
                configured: endpoint.transport, era: specification.era,
                remembered: means.memory.attempt(at: endpoint), path: wire.url.path,
                prefersSessions: means.prefersSessions)
            opening = Opening(
                endpoint: endpoint, wire: wire, memory: means.memory, probePatience: means.probePatience,
                detection: detection)
        } catch {
            return end(.notStarted(reason: error.reason), isPermanent: true)
        }
        // A little before the lifecycle gives up, which does not know what was waited for.
        setDeadline(specification.startTimeout - min(specification.startTimeout / 10, .seconds(1)))
        attempt()
    }

    private func attempt() {
        guard let opening else { return }
        let report = { (news: TransportNews) in self.take(news) }
        switch opening.detection.current {
        case .discover: return discover(opening)
        case .initialize: transport = StreamableTransport(opening.wire, report: report)
        case .eventStream: transport = SSETransport(opening.wire, report: report)
        }
        legacy?.open(with: handshake.opening)
    }

    private func take(_ news: TransportNews) {
        switch news {
        case .failedToOpen(let outcome):
            failedToOpen(outcome)
        case .message(let message, let call):
            take(message, during: call)
        case .confirmed:
            remember(opening?.detection.current)
            becomeReady()
        case .event(let event):
            pass(event)
        case .sessionLost:
            openAgain()
        case .lost(let reason):
            end(hasBeenReady ? .connectionLost(reason: reason) : .handshakeFailed(reason: reason))
        }
    }

    func pass(_ event: UpstreamEvent) {
        guard phase != .ended else { return }
        switch event {
        case .oversizedMessage(Handshake.requestID) where phase == .opening:
            fail("its answer to initialize is longer than limits.messageBytes")
        case .unusableOutput(let line):
            takeNoise(line)
        default:
            onEvent(event.hiding(by: discreet))
        }
    }

    private func takeNoise(_ line: UnusableLine) {
        switch noise.count(at: .now()) {
        case .bearable:
            onEvent(UpstreamEvent.unusableOutput(line).hiding(by: discreet))
            guard phase == .opening, line.answeredID == Handshake.requestID else { return }
            fail("its answer to initialize is no JSON-RPC message: \(line.reason)")
        case .tooMuch:
            fail("it floods its stream with what is no MCP message")
        case .reported:
            return
        }
    }

    func failedToOpen(_ outcome: AttemptOutcome) {
        guard !hasBeenReady else {
            return end(.connectionLost(reason: "the session was lost, and could not be opened anew: \(outcome)"))
        }
        guard phase == .opening, var opening else { return }
        patience?.cancel()
        let attempt = opening.detection.current
        let step = opening.detection.failed(outcome)
        self.opening = opening
        switch step {
        case .attempt:
            transport?.abandon()
            self.attempt()
        case .giveUp(let reason, let trouble):
            if outcome.speaksAgainst(attempt) { remember(nil) }
            switch trouble {
            case .unreachable: end(.unreachable(reason: reason))
            case .unauthorized: end(.unauthorized(reason: reason))
            case .unusable: end(.handshakeFailed(reason: reason))
            }
        }
    }

    private func openAgain() {
        guard phase != .closing, phase != .ended else { return }
        phase = .opening
        setDeadline(specification.startTimeout)
        legacy?.open(with: handshake.opening)
    }

    func remember(_ attempt: TransportDetection.Attempt?) {
        guard let opening else { return }
        opening.memory.remember(attempt, at: opening.endpoint)
    }

    private func setDeadline(_ time: Duration) {
        deadline?.cancel()
        deadline = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) {
            self.assumeIsolated { connection in
                let awaited = connection.transport?.awaited ?? "an answer"
                connection.failedToOpen(
                    .failed("it gave no \(awaited) within its startTimeout", isUnreachable: false))
            }
        }
    }
}

extension RemoteWire {
    fileprivate init(
        to endpoint: RemoteEndpoint, by means: RemoteConnection.Means, on eventLoop: any EventLoop, messageLimit: Int
    ) throws(UnusableEndpoint) {
        let url: HTTPURL
        do throws(HTTPURLError) {
            url = try HTTPURL(endpoint.url)
        } catch {
            throw UnusableEndpoint(reason: "\(means.names.url) \(error)")
        }
        self.init(
            client: means.client, eventLoop: eventLoop, url: url, tls: TLSSettings(endpoint.tls),
            headers: try RequestHeaders(configured: endpoint.headers, userAgent: means.userAgent, named: means.names),
            names: means.names, messageLimit: messageLimit)
    }
}

extension TLSSettings {
    fileprivate init(_ tls: RemoteEndpoint.TLS) {
        self.init(
            caFile: tls.caFile, certificateFile: tls.certificateFile, keyFile: tls.keyFile, isInsecure: tls.isInsecure)
    }
}

extension UpstreamEvent {
    /// The same without secrets in what is said of it.
    fileprivate func hiding(by note: ErrorNote) -> UpstreamEvent {
        switch self {
        case .callLost(let id, let reason):
            .callLost(id: id, reason: note.hiding(reason))
        case .unusableOutput(let line):
            .unusableOutput(UnusableLine(note.hiding(line.bytes), reason: line.reason, answeredID: line.answeredID))
        case .spawned, .ready, .unusable, .message, .unsent, .oversizedMessage, .toolsHidden, .standardError,
            .probeComplaint, .ended:
            self
        }
    }
}
