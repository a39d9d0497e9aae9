internal import NIOCore

/// Tells a server that prints a banner from one that does nothing but print: reading the latter would take all the
/// gateway's time.
struct NoiseGauge {
    /// What is to be thought of the noise so far.
    enum Verdict {
        /// Servers do that.
        case bearable
        /// It has just become too much.
        case tooMuch
        /// It was too much before.
        case reported
    }

    /// More unusable lines than this within a second are too much.
    static let limit = 20_000

    private var secondBegan: NIODeadline?
    private var lines = 0
    private var isTooMuch = false

    /// Counts one unusable line.
    mutating func count(at now: NIODeadline) -> Verdict {
        guard !isTooMuch else { return .reported }
        if secondBegan.map({ now - $0 >= .seconds(1) }) ?? true { (secondBegan, lines) = (now, 0) }
        lines += 1
        guard lines > Self.limit else { return .bearable }
        isTooMuch = true
        return .tooMuch
    }
}
