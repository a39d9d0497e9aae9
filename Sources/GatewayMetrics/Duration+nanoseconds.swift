extension Duration {
    /// In whole nanoseconds, as swift-metrics counts; at most 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
