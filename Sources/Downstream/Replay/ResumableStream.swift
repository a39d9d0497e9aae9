internal import NIOCore

/// One stream of events of a streamable session: that of a POST, or one that a GET has opened. It outlives the
/// connections that carry it: what comes while there is none is kept for the client to ask for.
///
/// Lives on the event loop.
final class ResumableStream {
    /// Its number in the session, which is part of the ids of its events.
    let number: UInt64
    /// Whether a GET has opened it, so that it never ends by itself.
    let isStandalone: Bool
    /// What is kept of it.
    private(set) var buffer: ReplayBuffer
    /// How many answers are still to come on it.
    private(set) var answersDue: Int
    /// Since when nothing comes on it unless the client returns; nil while something may.
    private(set) var restingSince: NIODeadline?

    private weak var owner: SessionStreams?
    private let settings: FrontSettings
    private var connection: EventStream?
    /// Called when the connection is lost, or closed before the stream has ended.
    private var onLeave: (() -> Void)?
    private var earlyEnd: Scheduled<Void>?

    /// - Parameter answersDue: how many answers end it; nil if it is a GET's.
    init(_ number: UInt64, answersDue: Int?, owner: SessionStreams, settings: FrontSettings) {
        self.number = number
        isStandalone = answersDue == nil
        self.answersDue = answersDue ?? 0
        self.owner = owner
        self.settings = settings
        buffer = ReplayBuffer(settings.replayBounds)
    }

    /// Writes one message.
    func send(_ message: ByteBuffer) {
        let frame = EventFraming.message(message, id: EventID(stream: number, event: buffer.next))
        connection?.send(frame)
        guard let owner else { return }
        let before = buffer.bytes
        buffer.append(frame, at: .now())
        owner.grew(by: buffer.bytes - before)
    }

    /// Writes an answer that was due. The last one ends the stream.
    func answer(_ message: ByteBuffer) {
        send(message)
        answersDue -= 1
        connection?.answerCame()
        if answersDue == 0 { leave() }
    }

    /// Goes on over this connection, with what was kept of it before all else. One that it had before is ended: the
    /// newest wins, because the older may have died without a word.
    ///
    /// - Parameters:
    ///   - replayed: events of its own that the client has not had.
    ///   - onLeave: called when the connection is lost, or closed before the stream has ended. Not when another takes
    ///     its place.
    func connect(_ new: EventStream, replaying replayed: [ByteBuffer] = [], onLeave: (() -> Void)? = nil) {
        connection?.end()
        earlyEnd?.cancel()
        restingSince = nil
        owner?.woke(self)
        connection = new
        self.onLeave = onLeave
        new.onLoss = { [weak self, weak new] in
            guard let self, let new, connection === new else { return }
            let report = self.onLeave
            release()
            report?()
        }
        for _ in 0..<answersDue { new.expectAnswer() }
        new.replay(replayed)
        guard isStandalone || answersDue > 0 else { return leave() }
        // Older clients would take an event without data for a message that is no JSON.
        guard owner?.canPoll == true else { return }
        new.send(EventFraming.mark(nextMark()))
        guard let age = settings.streamAge else { return }
        earlyEnd = new.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(age)) { [weak self] in self?.endEarly() }
    }

    /// Ends the connection if it is this one, and not a newer one that has taken its place.
    func leave(_ connection: EventStream) {
        if self.connection === connection { leave() } else { connection.end() }
    }

    /// Forgets events that are too old, or all of them.
    func forget(before now: NIODeadline? = nil) {
        let before = buffer.bytes
        if let now { buffer.forget(at: now) } else { buffer.forgetAll() }
        owner?.grew(by: buffer.bytes - before)
    }

    private func leave() {
        connection?.end()
        release()
    }

    /// Closes the connection and not the stream: the client is asked to come back for the rest.
    private func endEarly() {
        connection?.send(EventFraming.mark(nextMark(), retry: settings.retryDelay))
        let report = onLeave
        leave()
        report?()
    }

    private func nextMark() -> EventID {
        EventID(stream: number, event: buffer.mark())
    }

    private func release() {
        connection = nil
        onLeave = nil
        earlyEnd?.cancel()
        earlyEnd = nil
        guard answersDue == 0 else { return }
        restingSince = .now()
        owner?.rested(self)
    }
}
