/// Puts environment variables, files and credentials into the texts of a configuration, after parsing, so that no value
/// can change its structure.
struct VariableExpansion {
    /// The variables there are.
    let environment: [String: String]
    /// What `${file:…}` and `${credential:…}` refer to.
    let files: ReferencedFiles

    /// How deep `${A:-${B:-…}}` may go.
    private static let depthLimit = 8

    struct Result: Equatable {
        var text: String
        /// Whether a `$NAME` without braces was kept as it is, which TBXark's proxy would have expanded.
        var keptBareVariable: Bool
    }

    /// Why a text cannot be expanded: what, and what to do. Names variables, never values.
    struct Failure: Error, Equatable {
        var message: String
    }

    /// Replaces `${NAME}`, `${NAME:-default}`, `${env:NAME}`, `${file:PATH}`, `${credential:NAME}` and `$$`;
    /// keeps any other `$`.
    func expand(_ text: String) throws(Failure) -> Result {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return Result(text: text, keptBareVariable: false) }
        return try expand(text[...], depth: 0)
    }

    private func expand(_ text: Substring, depth: Int) throws(Failure) -> Result {
        guard depth < Self.depthLimit else { throw Failure(message: "holds too many \"${\" inside each other") }
        var result = Result(text: "", keptBareVariable: false)
        var rest = text.unicodeScalars
        while let dollar = rest.firstIndex(of: "$") {
            result.text.unicodeScalars.append(contentsOf: rest[..<dollar])
            rest = rest[rest.index(after: dollar)...]
            switch rest.first {
            case "$":
                result.text.append("$")
                rest.removeFirst()
            case "{":
                guard let end = Self.closingBrace(in: rest) else {
                    throw Failure(message: "holds \"${\" without \"}\"; close it, or write \"$$\" for a plain \"$\"")
                }
                let inner = try value(of: Substring(rest[..<end].dropFirst()), depth: depth)
                result.text.append(inner.text)
                result.keptBareVariable = result.keptBareVariable || inner.keptBareVariable
                rest = rest[rest.index(after: end)...]
            case .some(let scalar) where scalar.beginsVariableName:
                result.text.append("$")
                result.keptBareVariable = true
            case .some, nil:
                result.text.append("$")
            }
        }
        result.text.unicodeScalars.append(contentsOf: rest)
        return result
    }

    /// Where the brace at the beginning of `text` is closed, counting the `${` inside.
    private static func closingBrace(in text: Substring.UnicodeScalarView) -> String.Index? {
        var depth = 0
        var previous: Unicode.Scalar = "$"
        for index in text.indices {
            if text[index] == "{", previous == "$" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            if depth == 0 { return index }
            previous = text[index]
        }
        return nil
    }

    /// What stands for `${reference}`.
    private func value(of reference: Substring, depth: Int) throws(Failure) -> Result {
        var reference = reference
        if reference.hasPrefix("file:") {
            return try content(of: reference.dropFirst(5), depth: depth, read: files.text)
        }
        if reference.hasPrefix("credential:") {
            return try content(of: reference.dropFirst(11), depth: depth) { name, written throws(TextMistake) in
                try files.credential(name, written: written, in: environment["CREDENTIALS_DIRECTORY"])
            }
        }
        if reference.hasPrefix("env:") { reference = reference.dropFirst(4) }
        let name = reference.unicodeScalars.prefix { $0.beginsVariableName || ("0"..."9").contains($0) }
        let rest = reference.unicodeScalars[name.endIndex...]
        guard name.first?.beginsVariableName == true, rest.isEmpty || Substring(rest).hasPrefix(":-") else {
            throw Self.unsupported(reference)
        }
        let value = environment[String(name)]
        guard !rest.isEmpty else {
            guard let value else {
                throw Failure(
                    message: "needs the environment variable \(String(name)), which is not set; set it, or write "
                        + "\"${\(String(name)):-VALUE}\" with what it is to be then")
            }
            return Result(text: value, keptBareVariable: false)
        }
        // As in a shell, `:-` stands in for an empty variable as well.
        if let value, !value.isEmpty { return Result(text: value, keptBareVariable: false) }
        return try expand(Substring(rest).dropFirst(2), depth: depth + 1)
    }

    /// What stands for `${file:path}` and its like: the content without one newline at its end, which editors and
    /// `echo` put there.
    private func content(
        of name: Substring, depth: Int, read: (_ name: String, _ written: String) throws(TextMistake) -> String
    ) throws(Failure) -> Result {
        var result = try expand(name, depth: depth + 1)
        do throws(TextMistake) {
            result.text = try read(result.text, String(name))
        } catch {
            throw Failure(message: error.message)
        }
        if result.text.unicodeScalars.last == "\n" {
            result.text.unicodeScalars.removeLast()
            if result.text.unicodeScalars.last == "\r" { result.text.unicodeScalars.removeLast() }
        }
        return result
    }

    /// The known form of other programs gets a word of its own; anything else is not quoted, it may be a secret.
    private static func unsupported(_ reference: Substring) -> Failure {
        if reference.hasPrefix("input:") {
            return Failure(
                message: "holds \"${input:…}\", which is not available yet; use \"${NAME}\" and set the variable")
        }
        return Failure(
            message: "holds a \"${…}\" of unknown form; write \"${NAME}\", \"${NAME:-default}\", \"${env:NAME}\", "
                + "\"${file:/path}\" or \"${credential:NAME}\", or \"$$\" for a plain \"$\"")
    }
}

extension Unicode.Scalar {
    var beginsVariableName: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_"
    }
}
