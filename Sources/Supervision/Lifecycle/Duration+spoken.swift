extension Duration {
    /// The length as a person says it, in at most two units: `250 ms`, `12 s`, `5 min`, `2 h 5 min`, `3 d`.
    /// Negative lengths count as zero.
    public var spoken: String {
        let (seconds, attoseconds) = Swift.max(self, .zero).components
        if seconds == 0 {
            let milliseconds = attoseconds / 1_000_000_000_000_000
            return milliseconds == 0 ? "0 s" : "\(milliseconds) ms"
        }
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: Self.spoken(seconds, unit: 60, "min", rest: 1, "s")
        case ..<86_400: Self.spoken(seconds, unit: 3600, "h", rest: 60, "min")
        default: Self.spoken(seconds, unit: 86_400, "d", rest: 3600, "h")
        }
    }

    private static func spoken(
        _ seconds: Int64, unit: Int64, _ unitName: String, rest: Int64, _ restName: String
    ) -> String {
        let remainder = seconds % unit / rest
        return remainder == 0
            ? "\(seconds / unit) \(unitName)" : "\(seconds / unit) \(unitName) \(remainder) \(restName)"
    }
}
