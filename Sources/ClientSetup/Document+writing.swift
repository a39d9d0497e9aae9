internal import JSONRPC

extension Document {
    /// As JSON (RFC 8259), two spaces a level; lists and objects of scalars alone stand on one line.
    var json: String { json(indentation: "") + "\n" }

    /// An object as TOML (1.0), with a table for each object below.
    var toml: String {
        guard case .object(let members) = self else { return "" }
        return Self.tables(members, path: "").joined(separator: "\n")
    }

    /// As YAML (1.2), in blocks.
    var yaml: String { yaml(indentation: "").joined(separator: "\n") + "\n" }

    /// A text between quotes. What JSON escapes, TOML (basic strings) and YAML (double-quoted style) escape alike.
    private static func quoted(_ text: String) -> String {
        JSONText.quoted(text)
    }

    /// On one line, as JSON and flow-style YAML have it, and TOML what is no object.
    private var line: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
        case .object(let members):
            members.isEmpty
                ? "{}"
                : "{ " + members.map { "\(Self.quoted($0.key)): \($0.value.line)" }.joined(separator: ", ") + " }"
        }
    }

    private func json(indentation: String) -> String {
        let inner = indentation + "  "
        switch self {
        case .text, .number, .flag: return line
        case .list(let elements):
            if elements.allSatisfy(\.isScalar) { return line }
            let lines = elements.map { inner + $0.json(indentation: inner) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(indentation)]"
        case .object(let members):
            if members.count <= 1, members.allSatisfy(\.value.isScalar) { return line }
            let lines = members.map { "\(inner)\(Self.quoted($0.key)): \($0.value.json(indentation: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
        }
    }

    private static func tables(_ members: [Member], path: String) -> [String] {
        var lines: [String] = []
        var below: [String] = []
        for member in members {
            if case .object(let inner) = member.value {
                below += tables(inner, path: path.isEmpty ? member.key : "\(path).\(member.key)")
            } else {
                lines.append("\(member.key) = \(member.value.line)\n")
            }
        }
        guard !lines.isEmpty else { return below }
        let head = path.isEmpty ? "" : "[\(path)]\n"
        return [head + lines.joined()] + below
    }

    private func yaml(indentation: String) -> [String] {
        switch self {
        case .text, .number, .flag: return [indentation + line]
        case .list(let elements):
            return elements.flatMap { element in
                var lines = element.yaml(indentation: indentation + "  ")
                lines[0] = "\(indentation)- \(lines[0].dropFirst(indentation.count + 2))"
                return lines
            }
        case .object(let members):
            if members.isEmpty { return [indentation + "{}"] }
            return members.flatMap { member in
                let key = "\(indentation)\(Self.yamlKey(member.key)):"
                return member.value.isScalar
                    ? ["\(key) \(member.value.line)"] : [key] + member.value.yaml(indentation: indentation + "  ")
            }
        }
    }

    /// Plain where no reader of YAML, 1.1 included, takes it for something else than text.
    private static func yamlKey(_ key: String) -> String {
        let words: Set = ["y", "n", "yes", "no", "true", "false", "on", "off", "null"]
        let isPlain = key.first?.isLetter == true && !words.contains(key.lowercased())
        return isPlain ? key : quoted(key)
    }
}
