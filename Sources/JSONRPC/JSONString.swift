/// The characters of a JSON string (RFC 8259 §7), for the few strings that are decoded at all.
enum JSONString {
    /// Decodes what stands between the quotes of a string that a `JSONReader` accepted.
    ///
    /// A surrogate escape without its other half has no character; it becomes U+FFFD.
    static func decode(_ inner: UnsafeRawBufferPointer) -> String {
        guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: Unicode.UTF8.self) }
        return String(decoding: unescape(inner), as: Unicode.UTF8.self)
    }

    /// The UTF-8 of what stands between the quotes, its escapes replaced.
    static func unescape(_ inner: UnsafeRawBufferPointer) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(inner.count)
        var index = 0
        while index < inner.count {
            guard inner[index] == UInt8(ascii: "\\"), index + 1 < inner.count else {
                output.append(inner[index])
                index += 1
                continue
            }
            switch inner[index + 1] {
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"):
                let (scalar, length) = scalar(in: inner, at: index)
                output.append(contentsOf: String(Character(scalar)).utf8)
                index += length
                continue
            case let character: output.append(character)
            }
            index += 2
        }
        return output
    }

    /// The character of the `\uXXXX` at `index`, or of two of them that form a surrogate pair, and their length.
    private static func scalar(in inner: UnsafeRawBufferPointer, at index: Int) -> (Unicode.Scalar, length: Int) {
        guard let unit = codeUnit(in: inner, at: index) else { return ("\u{FFFD}", 6) }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        guard unit < 0xDC00, let low = codeUnit(in: inner, at: index + 6), 0xDC00...0xDFFF ~= low,
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { return ("\u{FFFD}", 6) }
        return (scalar, 12)
    }

    /// The value of the `\uXXXX` at `index`, or nil when none stands there.
    private static func codeUnit(in inner: UnsafeRawBufferPointer, at index: Int) -> UInt32? {
        guard index + 6 <= inner.count, inner[index] == UInt8(ascii: "\\"), inner[index + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt32 = 0
        for digit in inner[(index + 2)..<(index + 6)] {
            guard let value = hexDigit(digit) else { return nil }
            unit = unit << 4 | UInt32(value)
        }
        return unit
    }

    /// The value of a hexadecimal digit of either case.
    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}
