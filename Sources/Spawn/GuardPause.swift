/// How long to wait before the next guard is started: not at all after one that lived, ever longer while they die at
/// once.
struct GuardPause {
    static let shortest = Duration.seconds(1)
    static let longest = Duration.seconds(60)

    private var following = shortest

    /// The pause after a guard that lived for `life`; zero if none could be started.
    mutating func next(afterLife life: Duration) -> Duration {
        guard life < Self.shortest else {
            following = Self.shortest
            return .zero
        }
        defer { following = min(following * 2, Self.longest) }
        return following
    }
}
