/// FNV-1a of 64 bits (draft-eastlake-fnv): the same in every process and on every machine, which Swift's own hash is not.
///
/// It tells names apart that would otherwise be shortened to the same one. Nothing depends on its being hard to forge:
/// where two names meet nevertheless, `ExposedNames` sees that and hashes again.
struct StableHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Adds a text and its end, so that ("ab", "c") is not ("a", "bc").
    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        // No UTF-8 text holds this byte.
        add(0xFF)
    }

    /// Adds one byte.
    mutating func add(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    /// All 64 bits.
    var value: UInt64 { state }

    /// Eight hexadecimal digits made of all bits.
    var shortText: String {
        Self.hexadecimal(UInt64(UInt32(truncatingIfNeeded: state ^ state >> 32)), digits: 8)
    }

    /// Sixteen hexadecimal digits.
    var text: String { Self.hexadecimal(state, digits: 16) }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
