/// Durations as Go spells them (`time.ParseDuration`): a sequence of decimal numbers with units, such as `"1m30s"`.
enum DurationText {
    /// The reason why a text is no duration.
    enum Failure: Error, Equatable {
        /// Not of the form at all.
        case malformed
        /// A number without a unit.
        case missingUnit
        /// Longer than 64 bits of nanoseconds hold.
        case tooLong
    }

    /// Parses `text`. `"0"` needs no unit, as in Go.
    static func parse(_ text: String) throws(Failure) -> Duration {
        var rest = Substring(text).utf8
        let negative = rest.first == UInt8(ascii: "-")
        if negative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard !rest.isEmpty else { throw .malformed }
        if rest.elementsEqual([UInt8(ascii: "0")]) { return .zero }
        var total: Int64 = 0
        while !rest.isEmpty {
            let (part, overflow) = total.addingReportingOverflow(try parseTerm(&rest))
            guard !overflow else { throw .tooLong }
            total = part
        }
        return .nanoseconds(negative ? -total : total)
    }

    /// Takes one number and its unit, in nanoseconds.
    private static func parseTerm(_ rest: inout Substring.UTF8View) throws(Failure) -> Int64 {
        let whole = rest.prefix(while: \.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: \.isDigit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { throw .malformed }
        guard !rest.isEmpty else { throw .missingUnit }
        let unit = rest.prefix { !$0.isDigit && $0 != UInt8(ascii: ".") }
        guard let scale = nanoseconds(in: String(Substring(unit))) else { throw .malformed }
        rest = rest.dropFirst(unit.count)
        return try nanoseconds(whole: whole, fraction: fraction, scale: scale)
    }

    private static func nanoseconds(
        whole: Substring.UTF8View, fraction: Substring.UTF8View, scale: Int64
    ) throws(Failure) -> Int64 {
        guard let units = whole.isEmpty ? 0 : Int64(String(Substring(whole))) else { throw .tooLong }
        let (full, overflow) = units.multipliedReportingOverflow(by: scale)
        guard !overflow else { throw .tooLong }
        // Below a nanosecond nothing counts, so eighteen digits say all.
        let digits = fraction.prefix(18)
        let numerator = digits.reduce(Int128(0)) { $0 * 10 + Int128($1 - UInt8(ascii: "0")) }
        let denominator = digits.reduce(Int128(1)) { power, _ in power * 10 }
        let (sum, overflowed) = full.addingReportingOverflow(Int64(numerator * Int128(scale) / denominator))
        guard !overflowed else { throw .tooLong }
        return sum
    }

    private static func nanoseconds(in unit: String) -> Int64? {
        switch unit {
        case "ns": 1
        case "us", "µs", "μs": 1_000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }
}
