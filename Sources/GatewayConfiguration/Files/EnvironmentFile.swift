/// Reads the text of an `envFile`: lines `NAME=VALUE`, as shells and the programs called dotenv have them.
///
/// A value stands bare, up to the end of the line or a ` #`; or in single quotes, as it is; or in double quotes, where
/// `\n`, `\r`, `\t`, `\\`, `\"` and `\$` are escapes. A quoted one may have several lines. Nothing is expanded. Messages
/// never quote a line: it may hold a secret.
struct EnvironmentFile {
    /// A mistake or a remark, with its place in the file.
    struct Remark: Equatable {
        var severity: Diagnostic.Severity
        var position: Position
        var message: String
    }

    private(set) var variables: [String: String] = [:]
    private(set) var remarks: [Remark] = []

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var position = Position.start
    private var lines: [String: Int] = [:]

    init(parsing text: String) {
        var scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        self.scalars = scalars
        while current != nil {
            skipBlanks()
            if current != nil, !endsLine { readAssignment() }
            skipLine()
        }
    }

    private var current: Unicode.Scalar? {
        index < scalars.count ? scalars[index] : nil
    }

    /// Whether what follows has no meaning: the end, or a comment.
    private var endsLine: Bool {
        guard let current else { return true }
        return current == "\n" || current == "#" || atCarriageReturn
    }

    /// Whether a line ends here in the way of Windows.
    private var atCarriageReturn: Bool {
        current == "\r" && (index + 1 == scalars.count || scalars[index + 1] == "\n")
    }

    private mutating func advance() {
        if current == "\n" {
            position = Position(line: position.line + 1, column: 1)
        } else {
            position.column += 1
        }
        index += 1
    }

    private mutating func skipBlanks() {
        while current == " " || current == "\t" { advance() }
    }

    private mutating func skipLine() {
        while let current, current != "\n" { advance() }
        if current == "\n" { advance() }
    }

    private mutating func readAssignment() {
        var start = position
        var name = takeName()
        if name == "export", current == " " || current == "\t" {
            skipBlanks()
            start = position
            name = takeName()
        }
        skipBlanks()
        guard !name.isEmpty, current == "=" else {
            note(
                .error, at: position,
                "a line must be NAME=VALUE, with a name of letters, digits and \"_\"; mend it, or begin it with \"#\"")
            return
        }
        advance()
        guard let value = takeValue() else { return }
        if let line = lines[name] {
            note(.warning, at: start, "\(name.quoted) stands twice, first in line \(line); the last one counts")
        } else {
            lines[name] = start.line
        }
        if value.contains(where: { $0 == "\0" }) {
            note(.error, at: start, "the value of \(name.quoted) holds a NUL character; remove it")
        }
        variables[name] = value
    }

    private mutating func takeName() -> String {
        var name = ""
        while let scalar = current, scalar.beginsVariableName || (!name.isEmpty && ("0"..."9").contains(scalar)) {
            name.unicodeScalars.append(scalar)
            advance()
        }
        return name
    }

    private mutating func takeValue() -> String? {
        let start = index
        skipBlanks()
        let opening = position
        switch current {
        case "'", "\"":
            guard let value = takeQuoted() else { return nil }
            let closing = position
            skipBlanks()
            guard endsLine else {
                note(.error, at: closing, "text after the closing quote; remove it, or put all into the quotes")
                return nil
            }
            return value
        default:
            let value = takeBare(afterBlank: index > start)
            remarkOnVariable(in: value, at: opening)
            return value
        }
    }

    private mutating func takeBare(afterBlank: Bool) -> String {
        var value = String.UnicodeScalarView()
        var afterBlank = afterBlank
        while let scalar = current, scalar != "\n", !atCarriageReturn, !(scalar == "#" && afterBlank) {
            value.append(scalar)
            afterBlank = scalar == " " || scalar == "\t"
            advance()
        }
        while let last = value.last, last == " " || last == "\t" { value.removeLast() }
        return String(value)
    }

    private mutating func takeQuoted() -> String? {
        let opening = position
        let quote = current
        var value = String.UnicodeScalarView()
        advance()
        while let scalar = current, scalar != quote {
            advance()
            if scalar == "\\", quote == "\"", let meant = current.flatMap({ Self.escapes[$0] }) {
                value.append(meant)
                advance()
                continue
            }
            // A file with the line ends of Windows means the same value.
            if scalar == "\r", current == "\n" { continue }
            value.append(scalar)
        }
        guard current != nil else {
            note(.error, at: opening, "a quote that is never closed; close it")
            return nil
        }
        advance()
        if quote == "\"" { remarkOnVariable(in: String(value), at: opening) }
        return String(value)
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "r": "\r", "t": "\t", "\\": "\\", "\"": "\"", "$": "$",
    ]

    private mutating func remarkOnVariable(in value: String, at place: Position) {
        guard value.contains("${") else { return }
        note(.warning, at: place, "a value with \"${\", which is kept as written; put it in single quotes to say so")
    }

    private mutating func note(_ severity: Diagnostic.Severity, at position: Position, _ message: String) {
        // What is kept of one part of a configuration is bounded; more would only be thrown away there.
        guard remarks.count <= 2 * Findings.limit else { return }
        remarks.append(Remark(severity: severity, position: position, message: message))
    }
}
