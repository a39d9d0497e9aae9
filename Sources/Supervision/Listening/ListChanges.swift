internal import MCP

/// How often callers hear that lists have changed, as a value: at once, and if it goes on, once more when a moment has
/// passed.
struct ListChanges {
    /// How long a moment is.
    static let interval = Duration.milliseconds(100)

    /// What to do about a change.
    enum Verdict: Equatable {
        /// Callers are told.
        case tell
        /// They are told later: `flush` at this time.
        case wait(until: Duration)
        /// They will be told anyway.
        case isPending
    }

    private var lastTold: [Feature: Duration] = [:]
    private var pending: Set<Feature> = []

    mutating func changed(_ feature: Feature, now: Duration) -> Verdict {
        guard let last = lastTold[feature], now - last < Self.interval else {
            lastTold[feature] = now
            return .tell
        }
        guard pending.insert(feature).inserted else { return .isPending }
        return pending.count == 1 ? .wait(until: last + Self.interval) : .isPending
    }

    /// A moment has passed. Returns what callers are to be told.
    mutating func flush(now: Duration) -> [Feature] {
        let due = Feature.allCases.filter(pending.contains)
        for feature in due { lastTold[feature] = now }
        pending = []
        return due
    }
}
