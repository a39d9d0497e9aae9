/// Session ids: 160 bits from the system's cryptographic random source, as 40 hexadecimal digits.
///
/// Visible ASCII, as MCP "Session Management" asks, and nothing that needs escaping in a URL.
enum SessionID {
    static let length = 40

    static func random() -> String {
        var source = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: length) { text in
            var bits: UInt64 = 0
            for index in 0..<length {
                if index % 16 == 0 { bits = source.next() }
                text[index] = digits[Int(bits & 15)]
                bits >>= 4
            }
            return length
        }
    }
}
