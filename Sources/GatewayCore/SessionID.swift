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

    /// Tells the session of this id from others in the log: 12 hexadecimal digits of a hash with a key that the process
    /// draws when it starts (SipHash). Nobody gets from it to the id, with which the session could be used.
    static func logName(of id: String) -> String {
        var hasher = Hasher()
        hasher.combine(id)
        let digits = String(UInt64(truncatingIfNeeded: hasher.finalize()) & 0xFFFF_FFFF_FFFF, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }
}
