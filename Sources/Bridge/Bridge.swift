internal import JSONRPC
public import Logging
internal import MCP
public import NIOCore
public import Supervision

/// Stands between a client that speaks MCP over stdio and a server elsewhere (MCP "Transports", stdio): lines go in and
/// come out, until the client closes its side.
///
/// The client's first request says what it is, and only then is the server spoken to: over stdio nothing can be asked
/// again. While it is waited for, nothing more is taken from the client.
public actor Bridge {
    /// What a bridge does.
    public struct Settings: Sendable {
        /// The server, and how it is started again.
        public var specification: ServerSpecification
        /// How it is reached for a client.
        public var connector: @Sendable (BridgeClient) -> any UpstreamConnector
        /// How long a server is waited for that cannot be reached.
        public var patience: Duration
        /// How many failures to open it are the last, when it can be reached.
        public var attempts: Int
        /// How long calls may go on after the client has closed its side.
        public var grace: Duration
        /// For what happens on the way to the server.
        public var logger: Logger

        /// Describes a bridge.
        public init(
            specification: ServerSpecification, connector: @escaping @Sendable (BridgeClient) -> any UpstreamConnector,
            patience: Duration = .seconds(10), attempts: Int = 3, grace: Duration = .seconds(5), logger: Logger
        ) {
            self.specification = specification
            self.connector = connector
            self.patience = patience
            self.attempts = attempts
            self.grace = grace
            self.logger = logger
        }
    }

    private enum State {
        /// The client has said nothing yet that opens a connection.
        case waiting
        /// The server is asked; the client's first request waits for what comes of it.
        case opening(BridgeLink, Message)
        case open(BridgeLink)
        case ended(BridgeEnd)
    }

    private let settings: Settings
    private let output: any BridgeOutput
    private nonisolated let eventLoop: any EventLoop
    private nonisolated let executor: any SerialExecutor
    private var state = State.waiting
    private var framer: LineFramer
    /// What has come and is not looked at yet; whoever reads stops when that is too much.
    private var chunks: [Chunk] = []
    private var inputHasEnded = false
    private var failures = 0
    private var deadline: Scheduled<Void>?
    private let begun: AsyncStream<Supervisor>
    private let beginning: AsyncStream<Supervisor>.Continuation

    private struct Chunk {
        let bytes: ByteBuffer
        let taken: @Sendable () -> Void
    }

    /// Runs on the event loop, beside the connection.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// A bridge that has not begun.
    public init(_ settings: Settings, output: any BridgeOutput, on eventLoop: any EventLoop) {
        self.settings = settings
        self.output = output
        self.eventLoop = eventLoop
        executor = eventLoop.executor
        framer = LineFramer(maximumLength: settings.specification.messageLimit)
        (begun, beginning) = AsyncStream.makeStream()
    }

    /// Returns when the bridge has ended and the server is let go of.
    public func run() async -> BridgeEnd {
        for await supervisor in begun { await supervisor.run() }
        if case .ended(let end) = state { return end }
        return .finished
    }

    // MARK: From outside

    /// Takes what has come from the client.
    ///
    /// - Parameter taken: called when it has been looked at.
    public func take(_ bytes: ByteBuffer, taken: @escaping @Sendable () -> Void) {
        chunks.append(Chunk(bytes: bytes, taken: taken))
        drain()
    }

    /// The client has closed its side: calls in flight have the grace.
    public func endOfInput() {
        inputHasEnded = true
        drain()
    }

    /// Ends it now; calls in flight get an error.
    public func stop() {
        conclude(.finished)
    }

    /// The client does not take what is written to it.
    public func clientIsStuck() {
        conclude(.clientStuck)
    }

    // MARK: Lines

    private var takesLines: Bool {
        switch state {
        case .waiting, .open: true
        case .opening, .ended: false
        }
    }

    private func drain() {
        while takesLines {
            if let line = framer.next() {
                take(line)
            } else if !chunks.isEmpty {
                let chunk = chunks.removeFirst()
                framer.append(chunk.bytes)
                chunk.taken()
            } else if inputHasEnded, let last = framer.finish() {
                take(last)
            } else {
                break
            }
        }
        if takesLines, inputHasEnded { leave() }
    }

    private func take(_ line: LineFramer.Line) {
        switch line {
        case .oversized(let head):
            refuse(head, .invalidRequest, "a message may have \(settings.specification.messageLimit) bytes")
        case .line(let bytes):
            do throws(ScanError) {
                take(try Message(bytes))
            } catch {
                switch error {
                case .notJSON, .tooDeep: refuse(bytes, .parseError, "\(error)")
                case .notAnObject, .batch, .notJSONRPC: refuse(bytes, .invalidRequest, "\(error)")
                }
            }
        }
    }

    private func take(_ message: Message) {
        switch state {
        case .waiting: open(with: message)
        case .open(let link): link.take(message)
        case .opening, .ended: return
        }
    }

    /// What cannot be understood is answered, unless it is an answer itself.
    private func refuse(_ bytes: ByteBuffer, _ code: ErrorCode, _ reason: String) {
        let found = Envelope.salvaging(bytes)
        guard found.method != nil || found.id == nil else { return }
        answer(Envelope.salvageID(in: bytes), code, reason)
    }

    private func answer(_ id: RequestID?, _ code: ErrorCode, _ reason: String) {
        output.write(message: MessageBuilder.error(id: id, code: code.rawValue, message: reason))
    }

    // MARK: Opening

    private func open(with message: Message) {
        guard let client = BridgeClient(opening: message) else {
            guard message.kind == .request, let id = message.id else { return }
            guard !message.isMethod("ping") else {
                return output.write(message: MessageBuilder.result(id: id, ByteBuffer(string: "{}")))
            }
            return answer(id, .invalidRequest, "the connection is not initialized: send initialize first")
        }
        let link = BridgeLink(for: client, to: settings, output: output, on: eventLoop) { [weak self] in
            self?.assumeIsolated { $0.leaveIfDone() }
        }
        guard let link else { return }
        state = .opening(link, message)
        let supervisor = link.supervisor
        supervisor.assumeIsolated { supervisor in
            // Later, because the server is still at work on its change.
            supervisor.observe { [weak self, eventLoop] snapshot in
                eventLoop.execute { [weak self] in self?.assumeIsolated { $0.serverChanged(snapshot) } }
            }
        }
        deadline = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.patience)) { [weak self] in
            self?.assumeIsolated { $0.patienceIsOver() }
        }
        beginning.yield(supervisor)
    }

    private func serverChanged(_ snapshot: ServerSnapshot) {
        guard case .opening(let link, let message) = state else { return }
        switch snapshot.phase {
        case .ready:
            deadline?.cancel()
            state = .open(link)
            link.take(message)
            drain()
        case .backingOff, .failed:
            failures += 1
            guard let cause = snapshot.lastExit?.cause else { return }
            switch cause {
            case .unauthorized(let reason): fail(.unauthorized(reason: reason), reason)
            // Nothing is there yet, or not any more: it may come.
            case .unreachable, .connectionLost, .exited, .signalled:
                if snapshot.phase == .failed { fail(.unusable(reason: snapshot.reason), snapshot.reason) }
            case .handshakeFailed(let reason), .notStarted(let reason):
                // A gateway that is being started behind a proxy does so, too.
                if failures >= settings.attempts || snapshot.phase == .failed {
                    fail(.unusable(reason: reason), reason)
                }
            }
        case .disabled, .stopped, .starting, .stopping:
            return
        }
    }

    private func patienceIsOver() {
        guard case .opening(let link, _) = state else { return }
        let pool = link.supervisor.assumeIsolated { $0.pools.first }
        guard let snapshot = pool?.assumeIsolated({ $0.snapshot() }) else { return }
        switch snapshot.lastExit?.cause {
        case .unreachable: fail(.unreachable(reason: snapshot.reason), snapshot.reason)
        // Clients give up after ten seconds themselves, and would never see why.
        case .handshakeFailed(let reason): fail(.unusable(reason: reason), reason)
        // What takes its time to answer is there.
        case .exited, .signalled, .notStarted, .unauthorized, .connectionLost, nil: return
        }
    }

    private func fail(_ end: BridgeEnd, _ reason: String) {
        guard case .opening(_, let message) = state else { return }
        answer(message.id, .internalError, "\(settings.specification.name): \(reason)")
        conclude(end)
    }

    // MARK: Ending

    /// The client will say nothing more.
    private func leave() {
        guard case .open(let link) = state, link.due > 0 else { return conclude(.finished) }
        deadline = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.grace)) { [weak self] in
            self?.assumeIsolated { $0.conclude(.finished) }
        }
    }

    private func leaveIfDone() {
        guard inputHasEnded, chunks.isEmpty, case .open(let link) = state, link.due == 0 else { return }
        conclude(.finished)
    }

    private func conclude(_ end: BridgeEnd) {
        let link: BridgeLink?
        switch state {
        case .waiting: link = nil
        case .opening(let opening, _): link = opening
        case .open(let open): link = open
        case .ended: return
        }
        state = .ended(end)
        deadline?.cancel()
        deadline = nil
        link?.close()
        beginning.finish()
    }
}
