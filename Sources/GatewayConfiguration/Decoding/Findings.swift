/// A diagnostic and the place in the configuration file that led to it, which for one about another file differs from
/// the place it names.
struct Finding {
    var anchor: Position
    var diagnostic: Diagnostic
}

/// Collects what is found in one part of a file. A class, because the readers of nested objects share it; it lives for
/// one decoding and never leaves it.
final class Findings {
    /// How many errors, and how many warnings, are kept of one part: a wrong file must not fill memory.
    static let limit = 100

    private let file: String
    private var counts: [Diagnostic.Severity: Int] = [:]
    private(set) var all: [Finding] = []

    init(file: String) {
        self.file = file
    }

    var firstError: Diagnostic? {
        all.filter { $0.diagnostic.severity == .error }.min { $0.anchor < $1.anchor }?.diagnostic
    }

    func error(_ position: Position, _ message: @autoclosure () -> String) {
        add(.error, anchor: position, Place(file: file, position: position), message)
    }

    func warn(_ position: Position, _ message: @autoclosure () -> String) {
        add(.warning, anchor: position, Place(file: file, position: position), message)
    }

    /// Reports what was found in another file, to which the configuration refers at `anchor`.
    func add(_ remark: EnvironmentFile.Remark, in other: String, anchor: Position) {
        add(remark.severity, anchor: anchor, Place(file: other, position: remark.position)) { remark.message }
    }

    private struct Place {
        var file: String
        var position: Position
    }

    /// Beyond the limit the text is not even made: advice on half a million unknown keys would take minutes.
    private func add(
        _ severity: Diagnostic.Severity, anchor: Position, _ place: Place, _ message: () -> String
    ) {
        let number = counts[severity, default: 0] + 1
        guard number <= Self.limit + 1 else { return }
        counts[severity] = number
        let text = number <= Self.limit ? message() : "more \(severity.rawValue)s follow; mend the first \(Self.limit)"
        let diagnostic = Diagnostic(severity, file: place.file, position: place.position, message: text)
        all.append(Finding(anchor: anchor, diagnostic: diagnostic))
    }
}

extension Position {
    /// The first character of a file.
    static let start = Position(line: 1, column: 1)
}

extension String {
    /// The text in double quotes, for a message: short, on one line, and unable to pass for something else.
    var quoted: String {
        let shown = unicodeScalars.prefix(60).map { scalar in
            scalar.isPrintable ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return "\"" + shown.joined() + (unicodeScalars.count > 60 ? "…\"" : "\"")
    }
}

extension String {
    /// The path of a member of the object at this path: `a.b`, or `a["b c"]` where the key is not plain.
    func member(_ key: String) -> String {
        key.unicodeScalars.allSatisfy { $0.canStandInPath || $0 == "/" } && !key.isEmpty && key.utf8.count <= 60
            ? "\(self).\(key)" : "\(self)[\(key.quoted)]"
    }
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator, .privateUse: false
        default: true
        }
    }
}
