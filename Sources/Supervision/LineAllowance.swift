/// How many lines of a kind are taken in a second: a value, to which the time is told.
///
/// Whoever writes more is still read, or it would block; only what is done with each line is bounded.
struct LineAllowance {
    /// What becomes of a line.
    struct Verdict: Equatable {
        /// Whether it is taken.
        var isAdmitted: Bool
        /// How many were left out in the second that has just ended.
        var leftOut: Int
    }

    private let perSecond: Int
    private var secondBegan: Duration?
    private var taken = 0
    private var leftOut = 0

    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    /// Takes a line, if fewer than so many have come in this second.
    mutating func admit(at now: Duration) -> Verdict {
        var missed = 0
        if secondBegan.map({ now - $0 >= .seconds(1) }) ?? true {
            missed = leftOut
            (secondBegan, taken, leftOut) = (now, 0, 0)
        }
        guard taken < perSecond else {
            leftOut += 1
            return Verdict(isAdmitted: false, leftOut: 0)
        }
        taken += 1
        return Verdict(isAdmitted: true, leftOut: missed)
    }
}
