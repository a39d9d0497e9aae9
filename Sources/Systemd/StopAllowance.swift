/// For how long a stop may ask for more time: a service that hangs on its way down must not keep its manager from
/// ending it.
public struct StopAllowance: Sendable {
    private var end: ContinuousClock.Instant?

    /// For a stop that has not begun.
    public init() {}

    /// Whether more time may still be asked for.
    ///
    /// - Parameters:
    ///   - now: the time. That of the first call is the beginning of the stop.
    ///   - longest: how long a stop in order takes at most; that of the first call counts.
    public mutating func allowsMore(at now: ContinuousClock.Instant, longest: @autoclosure () -> Duration) -> Bool {
        let end = end ?? now + longest()
        self.end = end
        return now < end
    }
}
