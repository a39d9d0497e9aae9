/// Decodes `%XX` (RFC 3986 §2.1) strictly.
enum PercentEncoding {
    /// Returns nil for a `%` without two hex digits, for bytes that are no UTF-8, and for what would be read as
    /// structure or control once decoded: `/`, `\` and control characters.
    ///
    /// - Parameter allowsSlash: whether a `/` is none of the path's structure, because the text is one segment of it.
    static func decode(_ text: some StringProtocol, allowsSlash: Bool = false) -> String? {
        decode(text) { byte in
            byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\") && (allowsSlash || byte != UInt8(ascii: "/"))
        }
    }

    /// The same of a name that others have chosen and that is no more than one: anything may be in it.
    static func decodeName(_ text: some StringProtocol) -> String? {
        decode(text) { _ in true }
    }

    private static func decode(_ text: some StringProtocol, allowing isAllowed: (UInt8) -> Bool) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard let high = bytes.next().flatMap(digit), let low = bytes.next().flatMap(digit) else { return nil }
            let decoded = high << 4 | low
            guard isAllowed(decoded) else { return nil }
            output.append(decoded)
        }
        return String(validating: output, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Writes a server's name as a path, its slashes kept.
    static func path(_ name: String) -> String {
        encode(name, but: isPathByte)
    }

    /// Writes any text as one segment of a path.
    static func segment(_ text: String) -> String {
        encode(text) { isPathByte($0) && $0 != UInt8(ascii: "/") }
    }

    private static func encode(_ text: String, but isPlain: (UInt8) -> Bool) -> String {
        guard !text.utf8.allSatisfy(isPlain) else { return text }
        var output = ""
        for byte in text.utf8 {
            if isPlain(byte) {
                output.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                output += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return output
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "/"):
            true
        default:
            false
        }
    }
}
