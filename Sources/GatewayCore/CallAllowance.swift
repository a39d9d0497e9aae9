/// How many calls of one session may wait for an answer together, as a value. Whoever keeps the calls knows how many do;
/// as long as it cannot be too many, it is not asked.
struct CallAllowance {
    let limit: Int
    /// At least as many as wait: those that waited when they were counted, and all that have been made since.
    private var atMost = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes one call more, if it may be made.
    ///
    /// - Parameter count: how many wait now.
    mutating func take(counting count: () -> Int) -> Bool {
        if atMost >= limit { atMost = count() }
        guard atMost < limit else { return false }
        atMost += 1
        return true
    }
}
