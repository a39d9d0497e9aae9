/// A JSON value as the text it arrived in: nothing is decoded that is not asked for, so nothing is changed.
///
/// It trusts its input to be valid JSON and finds only what the server needs.
struct RawJSON: Sendable {
    let text: Substring.UTF8View

    init(_ text: String) {
        self.text = text[...].utf8
    }

    private init(_ text: Substring.UTF8View) {
        self.text = text
    }

    var description: String { String(Substring(text)) }

    /// The last member of that name, as JSON readers commonly take it.
    subscript(_ name: String) -> RawJSON? {
        var scanner = Scanner(rest: text)
        var found: RawJSON?
        guard scanner.take("{") else { return nil }
        while let key = scanner.value() {
            guard scanner.take(":"), let value = scanner.value() else { return nil }
            if RawJSON(key).string == name { found = RawJSON(value) }
            guard scanner.take(",") else { break }
        }
        return found
    }

    var integer: Int? { Int(description) }

    var boolean: Bool? { Bool(description) }

    /// The value of a JSON string, its escapes resolved; nil for anything else.
    var string: String? {
        guard text.first == UInt8(ascii: "\"") else { return nil }
        return JSONText.unquoted(Array(text.dropFirst().dropLast()))
    }
}

extension RawJSON {
    /// Walks over whole values without looking inside.
    private struct Scanner {
        var rest: Substring.UTF8View

        mutating func skipSpace() {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            skipSpace()
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// The next value's text, or nil at the end of an object or of the text.
        mutating func value() -> Substring.UTF8View? {
            skipSpace()
            let start = rest.startIndex
            var depth = 0
            var index = start
            var inString = false
            scan: while index < rest.endIndex {
                let byte = rest[index]
                if inString {
                    if byte == UInt8(ascii: "\\") { index = rest.index(after: index) }
                    if byte == UInt8(ascii: "\"") {
                        inString = false
                        if depth == 0 {
                            index = rest.index(after: index)
                            break scan
                        }
                    }
                } else {
                    switch byte {
                    case UInt8(ascii: "\""): inString = true
                    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                    case UInt8(ascii: "}"), UInt8(ascii: "]"):
                        if depth == 0 { break scan }
                        depth -= 1
                        if depth == 0 {
                            index = rest.index(after: index)
                            break scan
                        }
                    case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0D:
                        if depth == 0 { break scan }
                    default: break
                    }
                }
                index = rest.index(after: index)
            }
            guard index > start else { return nil }
            defer { rest = rest[index...] }
            return rest[start..<index]
        }
    }
}
