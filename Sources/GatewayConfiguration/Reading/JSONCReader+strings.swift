extension JSONCReader {
    /// Reads a string, the reader standing at its opening quote.
    mutating func readString() throws(SyntaxError) -> String {
        let start = position
        var text: [UInt8] = []
        advance()
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                advance()
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try readEscape(into: &text)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw unterminatedString(start)
            case 0..<0x20:
                throw SyntaxError(
                    position: position, message: "a control character inside a string; write it as \\t or \\u00XX")
            default:
                text.append(byte)
                advance()
            }
        }
        throw unterminatedString(start)
    }

    private func unterminatedString(_ start: Position) -> SyntaxError {
        SyntaxError(position: start, message: "this string is not closed on its line; end it with a double quote")
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(SyntaxError) {
        let start = position
        advance()
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            text.append(bytes[index])
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            advance()
            text.append(contentsOf: String(try readScalarEscape(start)).utf8)
            return
        default:
            throw SyntaxError(position: start, message: "an unknown escape; write \"\\\\\" for a backslash")
        }
        advance()
    }

    /// Reads what follows `\u`: four hexadecimal digits, or a surrogate pair.
    private mutating func readScalarEscape(_ start: Position) throws(SyntaxError) -> Character {
        let first = try readHexadecimal(start)
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        let lone = SyntaxError(
            position: start, message: "half of a surrogate pair; write both halves, or the character itself")
        guard first < 0xDC00, current == UInt8(ascii: "\\") else { throw lone }
        advance()
        guard current == UInt8(ascii: "u") else { throw lone }
        advance()
        let second = try readHexadecimal(start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw lone }
        return Character(scalar)
    }

    private mutating func readHexadecimal(_ start: Position) throws(SyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw SyntaxError(position: start, message: "\"\\u\" needs four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            advance()
        }
        return value
    }
}
