extension JSONCReader {
    /// Skips space and comments.
    mutating func skipTrivia() throws(SyntaxError) {
        while let byte = current {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                advance()
            case UInt8(ascii: "/"):
                try skipComment()
            case UInt8(ascii: "#"):
                throw SyntaxError(position: position, message: "\"#\" begins no comment here; write \"//\"")
            default:
                return
            }
        }
    }

    private mutating func skipComment() throws(SyntaxError) {
        let start = position
        advance()
        switch current {
        case UInt8(ascii: "/"):
            while let byte = current, byte != UInt8(ascii: "\n") { advance() }
        case UInt8(ascii: "*"):
            advance()
            var previous: UInt8 = 0
            while let byte = current {
                advance()
                if previous == UInt8(ascii: "*"), byte == UInt8(ascii: "/") { return }
                previous = byte
            }
            throw SyntaxError(position: start, message: "this comment is never closed; end it with \"*/\"")
        default:
            throw SyntaxError(
                position: start,
                message: "a \"/\" on its own; write \"//\" or \"/* */\" for a comment, or quote the text")
        }
    }

    /// Reads `true`, `false`, `null` or a number.
    mutating func readScalar() throws(SyntaxError) -> JSONNode.Value {
        let start = position
        let first = index
        while let byte = current, byte.isWordCharacter { advance() }
        let word = String(decoding: bytes[first..<index], as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "": throw missingValue(at: start)
        case "True", "TRUE", "yes", "Yes", "on", "On":
            throw SyntaxError(position: start, message: "not a JSON value; write true")
        case "False", "FALSE", "no", "No", "off", "Off":
            throw SyntaxError(position: start, message: "not a JSON value; write false")
        case "None", "nil", "undefined", "NULL", "Null":
            throw SyntaxError(position: start, message: "not a JSON value; write null, or leave the key out")
        default:
            if bytes[first..<index].isJSONNumber { return .number(word) }
            let looksNumeric = bytes[first].isDigit || "+-.".utf8.contains(bytes[first])
            throw SyntaxError(
                position: start,
                message: looksNumeric
                    ? "not a JSON number; write it like 10 or 0.5, or quote it if it is a text such as \"30s\""
                    : "a text without quotes; put it in double quotes")
        }
    }

    private func missingValue(at start: Position) -> SyntaxError {
        switch current {
        case nil:
            SyntaxError(position: endOfToken, message: "the file ends where a value is expected; write one")
        case UInt8(ascii: "'"):
            SyntaxError(position: start, message: "a text in single quotes; use double quotes")
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
            SyntaxError(position: endOfToken, message: "a value is missing here; write one, or remove the key")
        default:
            SyntaxError(position: start, message: "no JSON value begins like this; put a text in double quotes")
        }
    }
}

extension UInt8 {
    var isDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }

    /// Whether it can be part of a word that stands without quotes; generous, so that one message covers the whole word.
    fileprivate var isWordCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"): true
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: self >= 0x80
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether it is a number as RFC 8259, section 6, spells them.
    fileprivate var isJSONNumber: Bool {
        var rest = self
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = rest.prefix(while: \.isDigit)
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: \.isDigit)
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            let exponent = rest.prefix(while: \.isDigit)
            guard !exponent.isEmpty else { return false }
            rest = rest.dropFirst(exponent.count)
        }
        return rest.isEmpty
    }
}
