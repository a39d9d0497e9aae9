/// The failures of the recent past, to find out whether restarting is still worth the trouble.
///
/// Once more than `attempts` failures fall into one `window` it is exhausted, and stays so until a life was ready
/// for `resetAfterReadyFor`: the rare tries of an exhausted server must not count as recovery merely because the
/// window slid past the failures that led there. Holds at most `attempts + 1` instants.
struct RestartWindow: Equatable, Sendable {
    /// Whether the failures have become too many.
    private(set) var isExhausted = false
    /// When they happened, oldest first.
    private var failures: [Duration] = []

    /// How many there were within the last window; at most one more than it allows.
    func count(now: Duration, policy: RestartPolicy) -> Int {
        failures.count { now - $0 < policy.window }
    }

    /// Records a failure.
    ///
    /// - Parameter readyFor: how long the life was ready; `nil` if it never was.
    mutating func record(afterReadyFor readyFor: Duration?, now: Duration, policy: RestartPolicy) {
        if let readyFor, readyFor >= policy.resetAfterReadyFor { isExhausted = false }
        failures.append(now)
        failures.removeAll { now - $0 >= policy.window }
        guard failures.count > policy.attempts else { return }
        isExhausted = true
        failures.removeFirst(failures.count - policy.attempts - 1)
    }
}
