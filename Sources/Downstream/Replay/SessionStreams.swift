internal import NIOCore

/// The streams of one session, those included that its client may still come back to. Lives on the event loop.
final class SessionStreams {
    /// How many streams are kept on which nothing comes any more.
    static let restingLimit = 64
    /// What a stream costs besides its events, about, in bytes.
    static let overhead = 512

    /// Whether its client knows events without data, and `retry` (MCP 2025-11-25, "Listening for Messages").
    let canPoll: Bool
    /// What is kept, in bytes.
    private(set) var bytes = 0

    /// What of it can be forgotten.
    var forgettableBytes: Int { bytes - Self.overhead * (streams.count - resting.count) }

    private weak var store: ReplayStore?
    private let settings: FrontSettings
    private var streams: [UInt64: ResumableStream] = [:]
    private var lastNumber: UInt64 = 0
    /// The last that a GET has opened or gone on with. Its number is remembered as long as the session lives, so that a
    /// client that has missed nothing can return at any time.
    private var standalone: ResumableStream?
    /// Those on which nothing comes any more, the longest resting first.
    private var resting: [ResumableStream] = []

    init(canPoll: Bool, store: ReplayStore, settings: FrontSettings) {
        self.canPoll = canPoll
        self.store = store
        self.settings = settings
    }

    /// A new stream for the answers to a POST.
    func open(answersDue: Int) -> ResumableStream {
        add(answersDue: answersDue)
    }

    /// A new stream for what belongs to no request.
    func openStandalone() -> ResumableStream {
        let stream = add(answersDue: nil)
        prefer(stream)
        return stream
    }

    /// The stream of this number, unless it is forgotten.
    func stream(_ number: UInt64) -> ResumableStream? {
        streams[number]
    }

    private func add(answersDue: Int?) -> ResumableStream {
        lastNumber += 1
        let stream = ResumableStream(lastNumber, answersDue: answersDue, owner: self, settings: settings)
        streams[lastNumber] = stream
        grew(by: Self.overhead)
        return stream
    }

    /// The session is over.
    func end() {
        store = nil
        streams.removeAll()
        resting.removeAll()
        standalone = nil
    }

    // MARK: What its streams tell

    func grew(by bytes: Int) {
        self.bytes += bytes
        store?.grew(by: bytes)
    }

    /// A client has come for it.
    func woke(_ stream: ResumableStream) {
        resting.removeAll { $0 === stream }
        if stream.isStandalone { prefer(stream) }
    }

    /// Nothing comes on it unless its client returns.
    func rested(_ stream: ResumableStream) {
        guard stream !== standalone, streams[stream.number] != nil else { return }
        resting.append(stream)
        while resting.count > Self.restingLimit
            || resting.reduce(0, { $0 + $1.buffer.bytes }) > settings.replayBounds.bytes
        {
            drop(resting.removeFirst())
        }
    }

    private func prefer(_ stream: ResumableStream) {
        guard standalone !== stream else { return }
        let former = standalone
        standalone = stream
        if let former, former.restingSince != nil { rested(former) }
    }

    private func drop(_ stream: ResumableStream) {
        stream.forget()
        streams[stream.number] = nil
        grew(by: -Self.overhead)
    }

    // MARK: Forgetting

    /// Forgets what is too old.
    func forget(before now: NIODeadline) {
        for stream in streams.values { stream.forget(before: now) }
        while let since = resting.first?.restingSince, now - since > settings.replayBounds.age {
            drop(resting.removeFirst())
        }
    }

    /// Forgets what its client will miss the least. Returns false if there is nothing.
    func forgetSomething() -> Bool {
        if !resting.isEmpty {
            drop(resting.removeFirst())
            return true
        }
        let largest = streams.values.max { $0.buffer.bytes < $1.buffer.bytes }
        guard let largest, largest.buffer.bytes > 0 else { return false }
        largest.forget()
        return true
    }
}
