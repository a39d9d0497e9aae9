/// Measured times, in order.
struct Distribution {
    private let sorted: [UInt32]

    init(_ nanoseconds: [UInt32]) {
        sorted = nanoseconds.sorted()
    }

    var count: Int { sorted.count }

    /// The time that this share of all does not exceed, in microseconds; 0 if there are none.
    func microseconds(at share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1000
    }
}
