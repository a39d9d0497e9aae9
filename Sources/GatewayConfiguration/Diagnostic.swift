/// A place in a text file, as editors count it.
public struct Position: Sendable, Hashable, Comparable {
    /// The line, from 1. Lines end with LF; a CR before it belongs to the line.
    public var line: Int
    /// The column, from 1, in Unicode scalars. A tab is one column.
    public var column: Int

    /// Describes a place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Whether `lhs` stands before `rhs` in the file.
    public static func < (lhs: Position, rhs: Position) -> Bool {
        (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
}

/// One mistake, or one remark, about a configuration file. Never contains a token, a header or an environment value.
public struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
    /// How bad it is.
    public var severity: Severity
    /// The file, spelled as it was given.
    public var file: String
    /// Where it stands; `nil` if the file as a whole is meant, for instance because it cannot be read.
    public var position: Position?
    /// What is wrong and what to do about it.
    public var message: String

    /// How bad a diagnostic is.
    public enum Severity: String, Sendable {
        /// The file, or the server it stands in, cannot be used as it is.
        case error
        /// The file works, but probably not as its writer meant it.
        case warning
    }

    /// Describes a diagnostic.
    public init(_ severity: Severity, file: String, position: Position?, message: String) {
        self.severity = severity
        self.file = file
        self.position = position
        self.message = message
    }

    /// `file:line:column`, or the file alone where no place is known.
    public var location: String {
        guard let position else { return file }
        return "\(file):\(position.line):\(position.column)"
    }

    /// `file:line:column: error: message`, the form that compilers print and editors parse.
    public var description: String {
        "\(location): \(severity.rawValue): \(message)"
    }
}

extension Collection<Diagnostic> {
    /// Whether at least one of them is an error: the file is invalid, or one of its servers is.
    public var containErrors: Bool {
        contains { $0.severity == .error }
    }

    /// One diagnostic a line, as they are printed, without a newline at the end.
    public var report: String {
        map(\.description).joined(separator: "\n")
    }
}
