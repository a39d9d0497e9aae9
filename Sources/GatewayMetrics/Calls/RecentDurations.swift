/// The durations of the last calls, for somebody who wants to know how fast a server is at the moment.
struct RecentDurations {
    /// How many are kept.
    static let limit = 256

    private var durations: [Int64] = []
    private var next = 0

    /// Keeps one, in nanoseconds, and forgets the oldest if there are too many.
    mutating func add(_ duration: Int64) {
        if durations.count < Self.limit {
            durations.append(duration)
        } else {
            durations[next] = duration
            next = (next + 1) % Self.limit
        }
    }

    /// What so many of a hundred took no longer than (the nearest-rank method); `nil` if there was none.
    func percentile(_ hundredths: Int) -> Duration? {
        guard !durations.isEmpty else { return nil }
        let rank = (durations.count * hundredths + 99) / 100
        return .nanoseconds(durations.sorted()[max(rank, 1) - 1])
    }
}
