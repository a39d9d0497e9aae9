/// How many lines of a kind are taken in a second: a value, to which the time is told.
///
/// Whoever writes more is still read, or it would block; only what is done with each line is bounded.
public struct LineAllowance: Sendable {
    /// What becomes of a line.
    public struct Verdict: Equatable, Sendable {
        /// Whether it is taken.
        public var isAdmitted: Bool
        /// How many were left out in the second that has just ended.
        public var leftOut: Int
    }

    private let perSecond: Int
    private var secondBegan: Duration?
    private var taken = 0
    private var leftOut = 0

    /// An allowance of so many lines.
    public init(perSecond: Int) {
        self.perSecond = perSecond
    }

    /// Takes a line, if fewer than so many have come in this second.
    public mutating func admit(at now: Duration) -> Verdict {
        var missed = 0
        if secondBegan.map({ now - $0 >= .seconds(1) }) ?? true {
            missed = takeCount()
            (secondBegan, taken) = (now, 0)
        }
        guard taken < perSecond else {
            leftOut += 1
            return Verdict(isAdmitted: false, leftOut: 0)
        }
        taken += 1
        return Verdict(isAdmitted: true, leftOut: missed)
    }

    /// How many were left out and not told of yet: for when no more lines may come, and nobody would learn of them.
    public mutating func takeCount() -> Int {
        defer { leftOut = 0 }
        return leftOut
    }
}
