/// A host with an optional port, as in a `Host` header or after the `//` of a URL (RFC 3986 §3.2).
struct Authority: Hashable, Sendable {
    /// In lower case, without the brackets of an IPv6 address and without a trailing dot.
    let host: String
    let port: Int?

    /// Reads `host`, `host:port`, `[v6]` or `[v6]:port`. Returns nil for anything else.
    init?(_ text: some StringProtocol) {
        let text = Substring(text)
        let bytes = text.utf8
        let hostEnd: String.Index
        let name: Substring
        if bytes.first == UInt8(ascii: "[") {
            guard let closing = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            name = text[bytes.index(after: text.startIndex)..<closing]
            guard name.utf8.allSatisfy(Self.isAddressByte) else { return nil }
            hostEnd = bytes.index(after: closing)
        } else {
            hostEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
            var end = hostEnd
            if bytes[..<end].last == UInt8(ascii: ".") { end = bytes.index(before: end) }
            name = text[..<end]
            guard name.utf8.allSatisfy(Self.isNameByte) else { return nil }
        }
        guard !name.isEmpty else { return nil }
        if hostEnd == text.endIndex {
            port = nil
        } else {
            let rest = bytes[hostEnd...]
            guard rest.first == UInt8(ascii: ":"), let number = Self.port(Substring(rest.dropFirst())) else {
                return nil
            }
            port = number
        }
        host = name.lowercased()
    }

    /// A port number in digits. Returns nil for signs, blanks and numbers beyond 65535.
    static func port(_ digits: some StringProtocol) -> Int? {
        guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(digits).flatMap { $0 <= 65535 ? $0 : nil }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default:
            false
        }
    }
}
