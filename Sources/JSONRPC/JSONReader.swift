internal import Glibc

/// Reads JSON text (RFC 8259) strictly, one token after another, without decoding it and without recursion.
///
/// It works on raw memory because it sees every byte that passes the gateway. The rule that keeps it safe: `bytes` is
/// read only at offsets that were compared with `count` just before. It must not outlive the memory.
struct JSONReader {
    /// The most objects and arrays that can be open at once: `skipValue` keeps one bit for each in a 128-bit word.
    static let deepest = 128

    let bytes: UnsafePointer<UInt8>
    let count: Int
    let maximumDepth: Int
    /// The offset of the next unread byte, never beyond `count`.
    var offset = 0
    /// Whether a CR or LF was skipped between tokens.
    var sawLineBreak = false

    /// Reads `memory`, which must stay valid while the reader is used. Returns nil for empty memory.
    init?(_ memory: UnsafeRawBufferPointer, maximumDepth: Int) {
        guard let base = memory.baseAddress, !memory.isEmpty else { return nil }
        bytes = base.assumingMemoryBound(to: UInt8.self)
        count = memory.count
        self.maximumDepth = min(maximumDepth, Self.deepest)
    }

    /// The next byte, or 0 at the end: no token begins with 0, so the callers need no second comparison.
    @inline(__always)
    var next: UInt8 {
        offset < count ? bytes[offset] : 0
    }

    @inline(__always)
    func failure() -> ScanError {
        .notJSON(offset: offset)
    }

    // MARK: Structure

    @inline(__always)
    mutating func skipWhitespace() {
        // Peers write compact JSON, so the loop is almost never entered.
        if next <= 0x20 { skipSomeWhitespace() }
    }

    @inline(never)
    private mutating func skipSomeWhitespace() {
        while offset < count {
            switch bytes[offset] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): sawLineBreak = true
            default: return
            }
            offset &+= 1
        }
    }

    /// Fails unless only whitespace is left.
    mutating func finish() throws(ScanError) {
        skipWhitespace()
        guard offset == count else { throw failure() }
    }

    /// Steps over the `{` or `[` at `offset` into a container that is the `depth`th open one.
    ///
    /// - Returns: whether it has a first element, which is then next; otherwise its end has been read too.
    @inline(__always)
    mutating func open(depth: Int, closing: UInt8) throws(ScanError) -> Bool {
        guard depth <= maximumDepth else { throw .tooDeep(offset: offset) }
        offset &+= 1
        skipWhitespace()
        guard next == closing else { return true }
        offset &+= 1
        return false
    }

    /// Reads what follows an element: a comma (true: another one is next) or the container's end (false).
    @inline(__always)
    mutating func hasAnother(closing: UInt8) throws(ScanError) -> Bool {
        skipWhitespace()
        if next == UInt8(ascii: ",") {
            offset &+= 1
            skipWhitespace()
            return true
        }
        guard next == closing else { throw failure() }
        offset &+= 1
        return false
    }

    /// Reads a member's name and its colon, up to the value.
    @inline(__always)
    mutating func key() throws(ScanError) -> (inner: Range<Int>, isEscaped: Bool) {
        guard next == UInt8(ascii: "\"") else { throw failure() }
        let start = offset &+ 1
        let isEscaped = try skipString()
        let inner = Range(uncheckedBounds: (start, offset &- 1))
        skipWhitespace()
        guard next == UInt8(ascii: ":") else { throw failure() }
        offset &+= 1
        skipWhitespace()
        return (inner, isEscaped)
    }

    // MARK: Values

    /// Skips the value at `offset`, of whatever kind, inside `depth` open containers.
    mutating func skipValue(depth outerDepth: Int) throws(ScanError) {
        // One bit per container opened here, the innermost lowest: 1 for an object, 0 for an array.
        var containers: UInt128 = 0
        var depth = outerDepth
        while true {
            switch next {
            case UInt8(ascii: "\""):
                _ = try skipString()
            case UInt8(ascii: "{"):
                if try open(depth: depth &+ 1, closing: UInt8(ascii: "}")) {
                    depth &+= 1
                    containers = containers &<< 1 | 1
                    _ = try key()
                    continue
                }
            case UInt8(ascii: "["):
                if try open(depth: depth &+ 1, closing: UInt8(ascii: "]")) {
                    depth &+= 1
                    containers = containers &<< 1
                    continue
                }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                _ = try skipNumber()
            default:
                try skipLiteral()
            }
            while true {
                guard depth > outerDepth else { return }
                if containers & 1 == 1 {
                    if try hasAnother(closing: UInt8(ascii: "}")) {
                        _ = try key()
                        break
                    }
                } else {
                    if try hasAnother(closing: UInt8(ascii: "]")) { break }
                }
                depth &-= 1
                containers = containers &>> 1
            }
        }
    }

    /// Skips `true`, `false` or `null`; anything else is no JSON value.
    private mutating func skipLiteral() throws(ScanError) {
        let word: StaticString
        switch next {
        case UInt8(ascii: "t"): word = "true"
        case UInt8(ascii: "f"): word = "false"
        case UInt8(ascii: "n"): word = "null"
        default: throw failure()
        }
        let end = offset &+ word.utf8CodeUnitCount
        guard end <= count, isEqual(Range(uncheckedBounds: (offset, end)), word) else { throw failure() }
        offset = end
    }

    /// Skips the number at `offset`.
    ///
    /// - Returns: whether it is written as an integer, that is without fraction and exponent.
    mutating func skipNumber() throws(ScanError) -> Bool {
        var isInteger = true
        if next == UInt8(ascii: "-") { offset &+= 1 }
        if next == UInt8(ascii: "0") { offset &+= 1 } else { try skipDigits() }
        if next == UInt8(ascii: ".") {
            isInteger = false
            offset &+= 1
            try skipDigits()
        }
        if next | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            offset &+= 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset &+= 1 }
            try skipDigits()
        }
        return isInteger
    }

    @inline(__always)
    private mutating func skipDigits() throws(ScanError) {
        guard next &- UInt8(ascii: "0") <= 9 else { throw failure() }
        repeat { offset &+= 1 } while next &- UInt8(ascii: "0") <= 9
    }

    /// Whether the bytes in `range`, which must lie within `count`, are exactly `text`.
    @inline(__always)
    func isEqual(_ range: Range<Int>, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard range.count == length else { return false }
        // Most names are shorter than the call is long.
        guard length < 16 else { return memcmp(bytes + range.lowerBound, text.utf8Start, length) == 0 }
        var index = 0
        while index < length {
            guard bytes[range.lowerBound &+ index] == text.utf8Start[index] else { return false }
            index &+= 1
        }
        return true
    }
}
