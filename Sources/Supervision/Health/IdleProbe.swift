internal import JSONRPC

/// Finds out whether a silent server lives, as a pure machine: a half-open connection and a process that hangs look the
/// same from here, and both show only when something is asked.
///
/// While the server is ready, no call is in flight and nothing has passed in either direction for `interval`, a `ping`
/// (MCP "Ping") is due. Whatever the server sends afterwards shows that it lives; if nothing comes within `timeout`,
/// it is dead. A ping that was asked first decides even if calls have come since. While calls are in flight none is
/// sent, because many servers do one thing at a time: their silence is found and told, but judged by nobody. There is
/// one exception: a call has been given up after its whole time, and nothing at all was heard in that time. Then the
/// server is asked at once, even if others have called it since: clients that never pause would otherwise hide a dead
/// connection for ever.
///
/// A server that has never answered a ping in any life may not know what that is. It is believed dead for it
/// `lifeLimit` times; after that it is not asked any more.
///
/// The shell only stores times while messages pass. It looks at `nextLook`, with one timer.
struct IdleProbe: Equatable, Sendable {
    /// How many lives of a server that has never answered a ping are ended for that.
    static let lifeLimit = 2

    /// What a look has shown.
    enum Finding: Equatable, Sendable {
        /// Nothing that needs doing.
        case nothing
        /// A ping must be sent, and `asked` be told.
        case pingDue
        /// Calls are in flight and the server has been silent for this long. Found once for each silence.
        case silence(Duration)
        /// The server has not answered: its life must be ended. The probe has ended with it.
        case death
        /// The server has not answered once more, but knows no pings: it will not be asked again.
        case muteness
    }

    fileprivate struct Ping: Equatable, Sendable {
        let id: RequestID
        let sent: Duration
    }

    fileprivate struct Life: Equatable, Sendable {
        var lastHeard: Duration
        var lastTold: Duration
        /// When the first of the calls that are in flight together was sent, or could go on.
        var firstCall: Duration
        var ping: Ping?
        /// The beginning of the silence that was found last.
        var silenceFound: Duration?
        /// Whether a call was given up without a word from the server.
        var isSuspect = false
    }

    private let policy: ProbePolicy
    private var life: Life?
    private var hasBeenAnswered = false
    private var endedLives = 0
    /// Whether the server is taken for one that knows no pings.
    private(set) var isMute = false

    /// A probe of a server that is not ready yet.
    init(_ policy: ProbePolicy) {
        self.policy = policy
    }

    /// Whether a life is watched.
    var isWatching: Bool { life != nil }

    /// The server has become ready.
    mutating func begin(now: Duration) {
        guard policy.interval > .zero else { return }
        life = Life(lastHeard: now, lastTold: now, firstCall: now)
    }

    /// The server is not ready any more.
    mutating func end() {
        life = nil
    }

    /// Something came from the server.
    mutating func heard(now: Duration) {
        life?.lastHeard = now
        life?.isSuspect = false
    }

    /// A call has been given up after `patience`. Returns whether the server must be looked at now.
    mutating func gaveUp(after patience: Duration, now: Duration) -> Bool {
        guard let life, !isMute, life.ping == nil, now - life.lastHeard >= patience else { return false }
        self.life?.isSuspect = true
        return true
    }

    /// Something is sent to the server.
    ///
    /// - Parameter isFirstCall: whether it is a call and no other is in flight.
    mutating func told(isFirstCall: Bool = false, now: Duration) {
        life?.lastTold = now
        if isFirstCall { life?.firstCall = now }
    }

    /// What the server had to wait for, the answer of a person perhaps, has come: from here on it may be found silent.
    mutating func waited(until now: Duration) {
        life?.firstCall = now
    }

    /// The ping that was due is being sent.
    mutating func asked(_ id: RequestID, now: Duration) {
        life?.ping = Ping(id: id, sent: now)
        life?.isSuspect = false
    }

    /// Takes an answer that no call waits for. Returns whether it is the ping's.
    mutating func take(answerTo id: RequestID) -> Bool {
        guard life?.ping?.id == id else { return false }
        life?.ping = nil
        hasBeenAnswered = true
        return true
    }

    /// The ping was lost on the way, while the connection lives on: that says nothing, and another is due only when the
    /// interval has passed again. Any other id is ignored.
    mutating func lost(_ id: RequestID, now: Duration) {
        guard life?.ping?.id == id else { return }
        life?.ping = nil
        life?.lastTold = now
    }

    /// Looks how things stand.
    ///
    /// - Parameter isBusy: whether calls are in flight.
    mutating func look(isBusy: Bool, now: Duration) -> Finding {
        guard let life else { return .nothing }
        if let ping = life.unansweredPing {
            return now - ping.sent >= policy.timeout ? verdict() : .nothing
        }
        if life.isSuspect { return .pingDue }
        if isBusy {
            guard let silence = silence(isBusy: true, now: now), life.silenceFound != life.silentSince else {
                return .nothing
            }
            self.life?.silenceFound = life.silentSince
            return .silence(silence)
        }
        return !isMute && now - life.idleSince >= policy.interval ? .pingDue : .nothing
    }

    /// When to look next, after a look and what came of it; `nil` while there is nothing to look for.
    func nextLook(isBusy: Bool, now: Duration) -> Duration? {
        guard let life else { return nil }
        let oneIntervalOn = now + policy.interval
        // It may be answered soon, and the next one is due an interval after that.
        if let ping = life.unansweredPing { return min(ping.sent + policy.timeout, oneIntervalOn) }
        guard isBusy else { return isMute ? oneIntervalOn : life.idleSince + policy.interval }
        // Never too late for a ping either: the calls have not ended yet.
        let silence = life.silentSince + policy.interval
        return silence > now ? silence : oneIntervalOn
    }

    /// For how long the server has been silent while calls were in flight, if that is longer than the interval.
    func silence(isBusy: Bool, now: Duration) -> Duration? {
        guard isBusy, let life, now - life.silentSince >= policy.interval else { return nil }
        return now - life.silentSince
    }

    /// For how long a ping has had no answer, if there is such a one.
    func unanswered(now: Duration) -> Duration? {
        life?.unansweredPing.map { now - $0.sent }
    }

    private mutating func verdict() -> Finding {
        guard hasBeenAnswered || endedLives < Self.lifeLimit else {
            isMute = true
            life?.ping = nil
            return .muteness
        }
        if !hasBeenAnswered { endedLives += 1 }
        life = nil
        return .death
    }
}

extension IdleProbe.Life {
    /// The ping after which nothing has come: any message shows that the server lives.
    fileprivate var unansweredPing: IdleProbe.Ping? {
        guard let ping, lastHeard < ping.sent else { return nil }
        return ping
    }

    fileprivate var idleSince: Duration { max(lastHeard, lastTold) }

    fileprivate var silentSince: Duration { max(lastHeard, firstCall) }
}
