/// Reads JSON (RFC 8259) with `//` and `/* */` comments and trailing commas, and is strict about everything else.
///
/// It stops at the first error: after broken syntax, what follows is guesswork. Its messages never quote the text, since
/// an unquoted word may be a token.
struct JSONCReader {
    /// No sensible configuration is nested deeper, and the reader recurses.
    static let depthLimit = 64

    let bytes: [UInt8]
    var index = 0
    var position = Position(line: 1, column: 1)
    /// Just after the last token: where a comma or a bracket is missing.
    var endOfToken = Position(line: 1, column: 1)

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads one value and nothing else but space and comments. `bytes` are valid UTF-8, possibly after a BOM.
    static func read(_ bytes: [UInt8]) throws(SyntaxError) -> JSONNode {
        var reader = JSONCReader(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
        try reader.skipTrivia()
        guard reader.current != nil else {
            throw SyntaxError(
                position: reader.position, message: "the file is empty; it needs an object with \"mcpServers\"")
        }
        let node = try reader.readValue(depth: 0)
        try reader.skipTrivia()
        guard reader.current == nil else {
            throw SyntaxError(
                position: reader.position,
                message: "text after the end of the configuration; remove it, or look for a bracket closed too early")
        }
        return node
    }

    var current: UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    /// Takes one byte and counts it. UTF-8 continuation bytes belong to the column of their scalar.
    mutating func advance() {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\n") {
            position.line += 1
            position.column = 1
        } else if byte & 0xC0 != 0x80 {
            position.column += 1
        }
    }

    mutating func readValue(depth: Int) throws(SyntaxError) -> JSONNode {
        let start = position
        guard depth < Self.depthLimit else {
            throw SyntaxError(
                position: start, message: "nested deeper than \(Self.depthLimit) levels; flatten the configuration")
        }
        let value: JSONNode.Value
        switch current {
        case UInt8(ascii: "{"): value = .object(try readObject(depth: depth))
        case UInt8(ascii: "["): value = .array(try readArray(depth: depth))
        case UInt8(ascii: "\""): value = .string(try readString())
        default: value = try readScalar()
        }
        endOfToken = position
        return JSONNode(position: start, value: value)
    }

    private mutating func readArray(depth: Int) throws(SyntaxError) -> [JSONNode] {
        let opened = position
        var elements: [JSONNode] = []
        advance()
        try skipTrivia()
        while try !closes(with: UInt8(ascii: "]"), opened: opened, name: "list") {
            elements.append(try readValue(depth: depth + 1))
            try readSeparator(closing: UInt8(ascii: "]"), opened: opened, name: "list")
        }
        return elements
    }

    private mutating func readObject(depth: Int) throws(SyntaxError) -> [JSONMember] {
        let opened = position
        var members: [JSONMember] = []
        advance()
        try skipTrivia()
        while try !closes(with: UInt8(ascii: "}"), opened: opened, name: "object") {
            let keyPosition = position
            guard current == UInt8(ascii: "\"") else { throw keyError() }
            let key = try readString()
            endOfToken = position
            try skipTrivia()
            guard current == UInt8(ascii: ":") else {
                throw SyntaxError(
                    position: endOfToken,
                    message: current == UInt8(ascii: "=")
                        ? "\"=\" after a key; write \":\"" : "a key without a value; write \":\" and the value after it"
                )
            }
            advance()
            endOfToken = position
            try skipTrivia()
            if current == nil { throw unterminated("object", opened: opened) }
            members.append(JSONMember(key: key, keyPosition: keyPosition, node: try readValue(depth: depth + 1)))
            try readSeparator(closing: UInt8(ascii: "}"), opened: opened, name: "object")
        }
        return members
    }

    /// Takes the closing bracket if it comes next.
    private mutating func closes(with bracket: UInt8, opened: Position, name: String) throws(SyntaxError) -> Bool {
        switch current {
        case bracket:
            advance()
            return true
        case nil:
            throw unterminated(name, opened: opened)
        case UInt8(ascii: ","):
            throw SyntaxError(position: position, message: "a comma without a value before it; remove it")
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            throw mismatch(name, opened: opened)
        default:
            return false
        }
    }

    /// Takes the comma after a value, unless the closing bracket comes next.
    private mutating func readSeparator(closing: UInt8, opened: Position, name: String) throws(SyntaxError) {
        try skipTrivia()
        switch current {
        case closing:
            return
        case UInt8(ascii: ","):
            advance()
            endOfToken = position
            try skipTrivia()
        case nil:
            throw unterminated(name, opened: opened)
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            throw mismatch(name, opened: opened)
        default:
            throw SyntaxError(position: endOfToken, message: "a comma is missing here; write \",\" after the value")
        }
    }

    private func unterminated(_ name: String, opened: Position) -> SyntaxError {
        let bracket = name == "list" ? "]" : "}"
        return SyntaxError(
            position: endOfToken,
            message: "the file ends inside the \(name) opened at \(opened.inWords); close it with \"\(bracket)\"")
    }

    private func mismatch(_ name: String, opened: Position) -> SyntaxError {
        let (right, wrong) = name == "list" ? ("]", "}") : ("}", "]")
        return SyntaxError(
            position: position,
            message:
                "\"\(wrong)\" cannot close the \(name) opened at \(opened.inWords); close it with \"\(right)\" first")
    }

    private func keyError() -> SyntaxError {
        switch current {
        case UInt8(ascii: "'"):
            SyntaxError(position: position, message: "a key in single quotes; use double quotes")
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"):
            SyntaxError(position: position, message: "a key is missing here; write \"key\": before the value")
        default:
            SyntaxError(position: position, message: "a key must be in double quotes; write \"key\": value")
        }
    }
}

extension Position {
    /// How messages name a second place in the same file.
    var inWords: String {
        "line \(line), column \(column)"
    }
}
