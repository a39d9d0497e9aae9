/// How long nothing has happened on a transfer. All times are milliseconds of one clock.
///
/// It is asked from time to time, so that what happens costs nothing but a note.
struct Idleness {
    /// What `check` found.
    enum Verdict: Equatable {
        /// Nothing has happened for too long.
        case expired
        /// It cannot be too long before then.
        case until(Int64)
    }

    private let timeout: Int64?
    /// The last time that something happened; `nil` while nothing is expected to.
    private var lastActivity: Int64?
    private var sent: Int64 = 0

    /// - Parameter timeout: how long is too long; `nil`: nothing is.
    init(timeout: Int64?) {
        self.timeout = timeout
    }

    /// From now on something is to happen.
    mutating func begin(at now: Int64) {
        lastActivity = now
    }

    /// It is not the other side that is waited for.
    mutating func pause() {
        lastActivity = nil
    }

    /// Something came.
    mutating func noteActivity(at now: Int64) {
        lastActivity = now
    }

    /// Looks at the time; `nil` if that need never be done.
    ///
    /// - Parameter sent: how many bytes have left so far, since nothing tells when they do.
    mutating func check(at now: Int64, sent: Int64) -> Verdict? {
        guard let timeout else { return nil }
        guard let lastActivity else { return .until(now + timeout) }
        if sent != self.sent {
            self.sent = sent
            self.lastActivity = now
            return .until(now + timeout)
        }
        return now >= lastActivity + timeout ? .expired : .until(lastActivity + timeout)
    }
}
