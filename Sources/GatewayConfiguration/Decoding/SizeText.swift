/// Sizes in bytes, as a whole number with a unit: `"16MiB"`.
enum SizeText {
    private static let units: [(name: String, bytes: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
        ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1),
    ]

    /// Parses `text`, or answers `nil` if it is no size or too large for an `Int`.
    static func parse(_ text: String) -> Int? {
        let digits = text.utf8.prefix(while: \.isDigit)
        let unit = text.utf8.dropFirst(digits.count).drop { $0 == UInt8(ascii: " ") }
        guard let number = Int(String(Substring(digits))),
            let scale = units.first(where: { $0.name.utf8.elementsEqual(unit) })?.bytes
        else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
        return overflow ? nil : bytes
    }
}
