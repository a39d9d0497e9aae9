/// What the gateway is meant to reach, and whether it does.
struct Aims {
    private var lines: [String] = []

    /// Notes a figure that should not exceed `limit`.
    mutating func check(_ what: String, _ value: Double, atMost limit: Double, unit: String, decimals: Int = 1) {
        let verdict = value <= limit ? "met   " : "MISSED"
        let figures = "\(Text.number(value, decimals: decimals)) \(unit), aim ≤ \(Text.number(limit)) \(unit)"
        lines.append("\(verdict)  \(what): \(figures)")
    }

    func show() {
        Text.show("\nAims")
        for line in lines { Text.show("  \(line)") }
    }
}
