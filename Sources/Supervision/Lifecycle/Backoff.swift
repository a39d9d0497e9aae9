/// How long to wait after a failure, from what went before.
///
/// A failure is a life that ended without anybody asking for it, a start that failed included. Two waits are zero:
/// - after a life that was ready for `immediateAfterReadyFor` or longer;
/// - after any life that was ready at all, if no other failure lies within the last `immediateAfterReadyFor`: one
///   crash of a young but working server costs its users only its start time, a second one right after does not.
///
/// A life that never became ready is always followed by a wait, and so a server that cannot start never spins.
/// The waits double from `initial` to `max`; zero waits do not advance the series. All but the first are spread by
/// jitter, after the clamp, so that servers that failed together do not all return together.
struct Backoff: Equatable, Sendable {
    /// How far from the computed value jitter may lead.
    static let spread = 0.2

    /// Waits handed out since the last reset, zero waits not counted.
    private(set) var waits = 0
    /// When the last failure happened.
    private var lastFailure: Duration?

    /// Records a failure and returns the wait before the next start.
    ///
    /// - Parameters:
    ///   - readyFor: how long the life was ready; `nil` if it never was.
    ///   - jitter: between -1 and 1.
    mutating func next(
        afterReadyFor readyFor: Duration?, now: Duration, jitter: Double, policy: RestartPolicy
    ) -> Duration {
        let previous = lastFailure
        lastFailure = now
        if let readyFor {
            if readyFor >= policy.resetAfterReadyFor { waits = 0 }
            let isFirstInAWhile = previous.map { now - $0 >= policy.immediateAfterReadyFor } ?? true
            if readyFor >= policy.immediateAfterReadyFor || isFirstInAWhile { return .zero }
        }
        defer { waits += 1 }
        return Self.wait(number: waits, jitter: jitter, policy: policy)
    }

    /// The wait with this number, from 0.
    private static func wait(number: Int, jitter: Double, policy: RestartPolicy) -> Duration {
        var wait = policy.initial
        for _ in 0..<number where wait > .zero && wait < policy.max { wait *= 2 }
        wait = min(wait, policy.max)
        return number == 0 ? wait : wait * (1 + spread * min(max(jitter, -1), 1))
    }
}
