extension JSONNode {
    /// The node as indented JSON, with a newline at the end. What fits on a line, and holds no object, stands on one.
    var json: String {
        json(indentation: "") + "\n"
    }

    /// The widest line that a list may make.
    private static let width = 100

    private func json(indentation: String) -> String {
        let inner = indentation + "  "
        switch value {
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let spelling): return spelling
        case .string(let text): return text.asJSON
        case .array(let elements):
            let lines = elements.map { $0.json(indentation: inner) }
            let line = "[" + lines.joined(separator: ", ") + "]"
            if line.unicodeScalars.count <= Self.width, !line.unicodeScalars.contains("\n") { return line }
            return "[\n" + lines.map { inner + $0 }.joined(separator: ",\n") + "\n" + indentation + "]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { "\(inner)\($0.key.asJSON): \($0.node.json(indentation: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + indentation + "}"
        }
    }
}

extension String {
    /// The text as a JSON string (RFC 8259, section 7).
    fileprivate var asJSON: String {
        var json = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
