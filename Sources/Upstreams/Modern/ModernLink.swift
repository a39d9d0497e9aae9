internal import JSONRPC
internal import NIOCore
internal import Supervision

/// Does what a `ModernConversation` decides. Used on the event loop only.
final class ModernLink {
    /// How requests get to the server.
    struct Wire {
        /// Sends one.
        let send: (ModernRequest) throws(UpstreamSendFailure) -> Void
        /// Gives one up, as the transport does that.
        let cancel: (RequestID) -> Void
    }

    private var conversation: ModernConversation
    private let wire: Wire
    private let eventLoop: any EventLoop
    private let report: (UpstreamEvent) -> Void
    private let mistaken: (String) -> Void
    private var alarms: [ModernConversation.Alarm: Scheduled<Void>] = [:]
    /// Whether the managed server is at work on what it sends.
    private var isSending = false
    private var isOver = false

    /// - Parameters:
    ///   - mistaken: called when the server turns out to be another than it was taken for, with the reason.
    init(
        _ conversation: ModernConversation, over wire: Wire, on eventLoop: any EventLoop,
        report: @escaping (UpstreamEvent) -> Void, mistaken: @escaping (String) -> Void
    ) {
        self.conversation = conversation
        self.wire = wire
        self.eventLoop = eventLoop
        self.report = report
        self.mistaken = mistaken
    }

    /// Asks for what is needed before the first call.
    func begin() {
        perform(conversation.begin(now: now))
    }

    /// Nothing is sent or reported any more.
    func stop() {
        isOver = true
        for alarm in alarms.values { alarm.cancel() }
        alarms = [:]
    }

    // MARK: From the managed server

    /// - Throws: `UpstreamSendFailure` when it was not sent.
    func send(_ line: ByteBuffer, _ context: CallContext) throws(UpstreamSendFailure) {
        guard !isOver, let message = try? Message(line) else { throw .closed }
        isSending = true
        defer { isSending = false }
        var failure: UpstreamSendFailure?
        for effect in conversation.send(message, context, now: now) {
            guard case .send(let request) = effect, failure == nil else {
                perform(effect)
                continue
            }
            do throws(UpstreamSendFailure) {
                try wire.send(request)
            } catch {
                if conversation.takeBack(request.id) { failure = error } else { lose(request, error) }
            }
        }
        if let failure { throw failure }
    }

    // MARK: From the server

    /// - Parameter stream: the request on whose stream it came, where each has one.
    func receive(_ message: Message, on stream: RequestID? = nil) {
        perform(conversation.received(message, on: stream, now: now, jitter: jitter))
    }

    /// Nothing comes of a request any more; the reason is a clause about the server.
    func lose(_ id: RequestID, _ reason: String, isUnsent: Bool) {
        perform(conversation.lost(id, reason, isUnsent: isUnsent, now: now, jitter: jitter))
    }

    func oversized(_ id: RequestID?) {
        perform(conversation.oversized(id))
    }

    func unusable(_ line: UnusableLine) {
        perform(conversation.unusable(line))
    }

    // MARK: Effects

    private func perform(_ effects: [ModernConversation.Effect]) {
        for effect in effects { perform(effect) }
    }

    private func perform(_ effect: ModernConversation.Effect) {
        guard !isOver else { return }
        switch effect {
        case .send(let request):
            do throws(UpstreamSendFailure) { try wire.send(request) } catch { lose(request, error) }
        case .cancel(let id):
            wire.cancel(id)
        case .report(let event):
            tell { $0.report(event) }
        case .wake(let alarm, let time):
            alarms[alarm]?.cancel()
            alarms[alarm] = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { [weak self] in
                self?.ring(alarm)
            }
        case .mistaken(let reason):
            tell { $0.mistaken(reason) }
        }
    }

    /// Not while whoever would hear it is at work.
    private func tell(_ news: @escaping (ModernLink) -> Void) {
        guard isSending else { return news(self) }
        eventLoop.assumeIsolated().execute { [weak self] in
            guard let self, !self.isOver else { return }
            news(self)
        }
    }

    private func ring(_ alarm: ModernConversation.Alarm) {
        alarms[alarm] = nil
        perform(conversation.rang(alarm, now: now, jitter: jitter))
    }

    private func lose(_ request: ModernRequest, _ failure: UpstreamSendFailure) {
        let reason =
            switch failure {
            case .closed: "is being left"
            case .backlogFull(let bytes): "does not read what it is sent, and \(bytes) bytes wait for it"
            }
        lose(request.id, reason, isUnsent: true)
    }

    private var now: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }
    private var jitter: Double { .random(in: -1...1) }
}
