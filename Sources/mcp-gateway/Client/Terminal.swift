internal import GatewayLog
internal import Glibc

/// What stdout and stderr are connected to, and what may be written there.
enum Terminal {
    /// Whether stdout is a terminal.
    static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether somebody watches stderr.
    static var isErrors: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether text may have colours (no-color.org).
    static var hasColours: Bool {
        isOutput && (ProcessEnvironment.current["NO_COLOR"] ?? "").isEmpty
            && ProcessEnvironment.current["TERM"] != "dumb"
    }

    /// A colour, by its number in ECMA-48 "SGR".
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case dim = 2
    }

    static func coloured(_ text: String, _ colour: Colour?) -> String {
        guard let colour, hasColours else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }

    /// Empties the screen.
    static let cleared = "\u{1B}[H\u{1B}[2J"

    /// What a program has written may do nothing to the terminal of whoever reads it.
    static func harmless(_ text: String) -> String {
        isOutput ? withoutControls(text) : text
    }

    /// The same of what goes to stderr, and may have several lines.
    static func harmlessError(_ text: String) -> String {
        guard isErrors else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { withoutControls(String($0)) }
            .joined(separator: "\n")
    }

    fileprivate static func withoutControls(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control && $0 != "\t" ? "\u{FFFD}" : $0 }))
    }

    /// A value as its JSON text, with a newline. On a terminal it is spelled in another way where a program has put into
    /// it what a terminal obeys.
    static func json(_ value: JSONValue) -> String {
        (isOutput ? value.description.jsonForTerminals : value.description) + "\n"
    }

    /// Writes to stdout at once, so that whoever reads a pipe sees it. Ends the program with EX_IOERR (sysexits.h) if
    /// that fails, for instance because the disk is full; a pipe that nobody reads any more is no mistake.
    static func write(_ text: String) {
        let errorNumber = StandardError.write(text, to: STDOUT_FILENO)
        guard errorNumber != 0, errorNumber != EPIPE else { return }
        StandardError.write("mcp-gateway: cannot write the output: \(String(cString: strerror(errorNumber)))\n")
        exit(EX_IOERR)
    }
}

/// A line on a terminal that says what is waited for, written over itself; where there is no terminal, nothing.
struct ProgressLine {
    private var shown = ""

    mutating func show(_ text: String) {
        guard Terminal.isErrors, text != shown else { return }
        StandardError.write("\r\u{1B}[2K\(Terminal.withoutControls(String(text.prefix(100))))")
        shown = text
    }

    mutating func clear() {
        guard !shown.isEmpty else { return }
        StandardError.write("\r\u{1B}[2K")
        shown = ""
    }
}
