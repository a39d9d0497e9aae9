extension JSONReader {
    /// Skips the string whose opening quote is at `offset`, checking its escapes and its UTF-8.
    ///
    /// - Returns: whether it contains an escape.
    @inline(__always)
    mutating func skipString() throws(ScanError) -> Bool {
        offset &+= 1
        var isEscaped = false
        while true {
            skipPlainText()
            switch next {
            case UInt8(ascii: "\""):
                offset &+= 1
                return isEscaped
            case UInt8(ascii: "\\"):
                isEscaped = true
                try skipEscape()
            case 0x80...:
                try skipNonASCII()
            case 0x20...:
                offset &+= 1
            default:
                // A control character, or the end of the text.
                throw failure()
            }
        }
    }

    /// Skips bytes that need no attention, eight at a time, and after the first eight sixteen at a time; fewer than
    /// eight bytes at the end of the text stay.
    @inline(__always)
    private mutating func skipPlainText() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        while offset &+ 8 <= count {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(bytes + offset).loadUnaligned(as: UInt64.self))
            // The high bit of each byte that is a quote, a backslash, below 0x20 or above 0x7F. A borrow can set it
            // wrongly in a byte above such a one, never below, so the lowest is right.
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            let special =
                ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
                | ((word &- (ones &* 0x20)) & ~word) | word
            let marks = special & (ones &* 0x80)
            guard marks == 0 else {
                offset &+= marks.trailingZeroBitCount &>> 3
                return
            }
            offset &+= 8
            skipSixteens()
        }
    }

    /// The same test on two words at once, for the long texts that make up most of the bytes.
    @inline(__always)
    private mutating func skipSixteens() {
        let ones = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
        let high = SIMD2<UInt64>(repeating: 0x8080_8080_8080_8080)
        while offset &+ 16 <= count {
            let loaded = UnsafeRawPointer(bytes + offset).loadUnaligned(as: SIMD2<UInt64>.self)
            // Only whether there is a mark matters, so the order of the bytes does not.
            let quotes = loaded ^ (ones &* 0x22)
            let backslashes = loaded ^ (ones &* 0x5C)
            let special =
                ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
                | ((loaded &- (ones &* 0x20)) & ~loaded) | loaded
            let marks = special & high
            guard marks.x | marks.y == 0 else { return }
            offset &+= 16
        }
    }

    private mutating func skipEscape() throws(ScanError) {
        offset &+= 1
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset &+= 1
        case UInt8(ascii: "u"):
            offset &+= 1
            for _ in 0..<4 {
                guard JSONString.hexDigit(next) != nil else { throw failure() }
                offset &+= 1
            }
        default:
            throw failure()
        }
    }

    /// Skips one well-formed UTF-8 sequence of two to four bytes (Unicode 15, table 3-7).
    @inline(never)
    private mutating func skipNonASCII() throws(ScanError) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[offset] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        case 0xF1...0xF3: length = 4
        default: throw failure()
        }
        guard offset &+ length <= count, second.contains(bytes[offset &+ 1]) else { throw failure() }
        var index = 2
        while index < length {
            guard bytes[offset &+ index] & 0xC0 == 0x80 else { throw failure() }
            index &+= 1
        }
        offset &+= length
    }
}
