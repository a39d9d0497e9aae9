/// Text that is safe as the value of one assignment in a notification: one line, no control characters, of a length
/// that somebody will read. The text may quote what servers print, and a newline would begin another assignment.
struct StatusLine: Equatable, Sendable {
    /// The most bytes of UTF-8 it may have.
    static let limit = 512

    /// The line.
    let text: String

    /// Makes a line of any text: what breaks lines or controls terminals becomes a space, runs of spaces become one.
    init(_ raw: String) {
        var line = String.UnicodeScalarView()
        var length = 0
        var hasGap = false
        for scalar in raw.unicodeScalars {
            if Self.isGap(scalar) {
                hasGap = !line.isEmpty
                continue
            }
            let size = (hasGap ? 1 : 0) + UTF8.width(scalar)
            guard length + size <= Self.limit - Self.ellipsis.utf8.count else {
                line.append(contentsOf: Self.ellipsis.unicodeScalars)
                break
            }
            if hasGap { line.append(" ") }
            line.append(scalar)
            length += size
            hasGap = false
        }
        text = String(line)
    }

    private static let ellipsis = "…"

    private static func isGap(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: true
        default: false
        }
    }
}
