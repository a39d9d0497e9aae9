/// JSON strings to and from their quoted form.
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// `body` is what stands between the quotes. A lone surrogate becomes U+FFFD.
    static func unquoted(_ body: [UInt8]) -> String {
        guard body.contains(UInt8(ascii: "\\")) else { return String(decoding: body, as: UTF8.self) }
        var units: [UInt16] = []
        var result = ""
        var index = 0
        var plain: [UInt8] = []
        func flushPlain() {
            result += String(decoding: plain, as: UTF8.self)
            plain.removeAll()
        }
        func flushUnits() {
            result += String(decoding: units, as: UTF16.self)
            units.removeAll()
        }
        while index < body.count {
            if body[index] == UInt8(ascii: "\\"), index + 1 < body.count {
                flushPlain()
                if body[index + 1] == UInt8(ascii: "u"), index + 6 <= body.count {
                    let digits = String(decoding: body[(index + 2)..<(index + 6)], as: UTF8.self)
                    units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
                    index += 6
                } else {
                    flushUnits()
                    plain.append(Self.simpleEscape(body[index + 1]))
                    index += 2
                }
            } else {
                flushUnits()
                plain.append(body[index])
                index += 1
            }
        }
        flushUnits()
        flushPlain()
        return result
    }

    private static func simpleEscape(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: letter
        }
    }
}
