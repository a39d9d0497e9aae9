internal import GatewayCore
internal import MCP
internal import NIOCore

/// What is kept of the streams of all streamable sessions for clients who lose their connection. Lives on the event
/// loop.
final class ReplayStore: ExpendableBuffers {
    /// How many bytes are kept for all sessions together. Beyond it the session for which most is kept loses the oldest.
    private let limit: Int
    private let eventLoop: any EventLoop
    private let settings: FrontSettings
    /// Those that have had a stream; each leaves with its end.
    private var sessions: [String: SessionStreams] = [:]
    private var sweep: Scheduled<Void>?
    /// What is kept, in bytes.
    private(set) var bytes = 0
    /// Called when more is kept than before.
    var onGrowth: (() -> Void)?

    init(eventLoop: any EventLoop, settings: FrontSettings) {
        self.eventLoop = eventLoop
        self.settings = settings
        limit = settings.bufferedBytes / 8
    }

    /// The streams of a session.
    func streams(of session: ClientSession) -> SessionStreams {
        if let known = sessions[session.id] { return known }
        let revision = session.assumeIsolated { $0.revision }
        let (id, store) = (session.id, NIOLoopBound(Weak(self), eventLoop: eventLoop))
        let streams = add(id, canPoll: revision.map { $0 >= .r2025_11_25 } ?? false)
        session.assumeIsolated { $0.whenOver { store.value.object?.remove(id) } }
        return streams
    }

    /// Makes room for the streams of the session of this id.
    func add(_ id: String, canPoll: Bool) -> SessionStreams {
        let streams = SessionStreams(canPoll: canPoll, store: self, settings: settings)
        sessions[id] = streams
        scheduleSweep()
        return streams
    }

    /// A reference that does not keep its object; values that are bound to a loop cannot be weak themselves.
    private struct Weak {
        weak var object: ReplayStore?
        init(_ object: ReplayStore) { self.object = object }
    }

    /// The session of this id is over, and with it all that was kept for it.
    func remove(_ id: String) {
        guard let streams = sessions.removeValue(forKey: id) else { return }
        bytes -= streams.bytes
        streams.end()
    }

    func grew(by more: Int) {
        bytes += more
        guard more > 0 else { return }
        if bytes > limit { forget(bytes - limit) }
        onGrowth?()
    }

    /// Forgets at least so many bytes, if as many are kept.
    func forget(_ wanted: Int) {
        let aim = bytes - wanted
        while bytes > aim, let largest = sessions.values.max(by: { $0.forgettableBytes < $1.forgettableBytes }) {
            guard largest.forgetSomething() else { return }
        }
    }

    private func scheduleSweep() {
        guard sweep == nil, !sessions.isEmpty else { return }
        let interval = TimeAmount(settings.replayAge / 4) + .milliseconds(1)
        sweep = eventLoop.assumeIsolated().scheduleTask(in: interval) { [weak self] in
            guard let self else { return }
            sweep = nil
            let now = NIODeadline.now()
            for streams in sessions.values { streams.forget(before: now) }
            scheduleSweep()
        }
    }
}
