/// Writes texts of another program so that they mean here what they mean there.
struct ForeignText {
    /// What the other program puts in the place of.
    enum Variables {
        /// Nothing.
        case none
        /// `${NAME}` and `${NAME:-default}`.
        case braces
        /// The `${…}` of VS Code.
        case editor
    }

    let variables: Variables
    /// The variables that stand for what the other program knows and the gateway does not, in the order in which they
    /// were met, with what they stand for.
    private(set) var wanted: [(name: String, reference: String)] = []
    /// Whether there was a reference that nothing can stand for; it stays as plain text.
    private(set) var hasUnknown = false

    init(_ variables: Variables) {
        self.variables = variables
    }

    mutating func translated(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            guard rest.first == "{", let end = rest.firstIndex(of: "}"), variables != .none else {
                result += "$$"
                continue
            }
            let reference = rest[..<end].dropFirst()
            guard let translated = translated(reference: String(reference)) else {
                hasUnknown = true
                result += "$$"
                continue
            }
            result += translated
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// `nil` if nothing can stand for it.
    private mutating func translated(reference: String) -> String? {
        switch variables {
        case .none: return nil
        case .braces:
            let name = reference.firstRange(of: ":-").map { reference[..<$0.lowerBound] } ?? reference[...]
            return Self.isName(name) ? "${\(reference)}" : nil
        case .editor: return editor(reference)
        }
    }

    private mutating func editor(_ reference: String) -> String? {
        let (kind, argument) =
            reference.firstIndex(of: ":").map {
                (String(reference[..<$0]), String(reference[reference.index(after: $0)...]))
            } ?? (reference, "")
        switch kind {
        case "env": return Self.isName(argument[...]) ? "${\(argument)}" : nil
        case "userHome": return "${HOME}"
        case "pathSeparator", "/": return "/"
        case "input" where !argument.isEmpty: return want(Self.name(for: argument), reference)
        case "workspaceFolder": return want("WORKSPACE_FOLDER", reference)
        default: return nil
        }
    }

    private mutating func want(_ name: String, _ reference: String) -> String {
        if !wanted.contains(where: { $0.name == name }) { wanted.append((name, reference)) }
        return "${\(name)}"
    }

    /// `PERPLEXITY_KEY` for `perplexity-key`.
    private static func name(for input: String) -> String {
        let name = input.uppercased().unicodeScalars.map { scalar in
            ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
        }
        return name.first?.isNumber == true ? "_" + String(name) : String(name)
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.unicodeScalars.first, first.beginsVariableName else { return false }
        return text.unicodeScalars.allSatisfy { $0.beginsVariableName || ("0"..."9").contains($0) }
    }
}
