/// RFC 8259 read straight from its grammar, recursively and slowly: what the scanner is compared with.
///
/// It shares no code and no idea with the scanner: UTF-8 is judged by the standard library, escapes are decoded to
/// UTF-16, and a tree is built.
struct StrictParser {
    /// A value and where its bytes are.
    struct Node {
        var range: Range<Int>
        var value: Value
    }

    enum Value {
        case object([(key: [UInt16], value: Node)])
        case array([Node])
        case string([UInt16])
        case number(isInteger: Bool)
        case literal
    }

    /// Not in the grammar, whatever the reason.
    struct Rejected: Error {}

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// How many objects and arrays were open at once.
    private(set) var deepest = 0

    /// JSON-text = ws value ws
    static func parse(_ bytes: [UInt8]) throws(Rejected) -> (root: Node, depth: Int) {
        guard String(validating: bytes, as: Unicode.UTF8.self) != nil else { throw Rejected() }
        var parser = StrictParser(bytes: bytes)
        parser.whitespace()
        let root = try parser.value()
        parser.whitespace()
        guard parser.position == bytes.count else { throw Rejected() }
        return (root, parser.deepest)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var current: Character? {
        position < bytes.count ? Character(Unicode.Scalar(bytes[position])) : nil
    }

    private mutating func take(_ character: Character) -> Bool {
        guard current == character else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ text: String) throws(Rejected) {
        for character in text where !take(character) { throw Rejected() }
    }

    private mutating func whitespace() {
        while take(" ") || take("\t") || take("\n") || take("\r") {}
    }

    private mutating func value() throws(Rejected) -> Node {
        let start = position
        let value: Value
        switch current {
        case "{": value = .object(try object())
        case "[": value = .array(try array())
        case "\"": value = .string(try string())
        case "t":
            try expect("true")
            value = .literal
        case "f":
            try expect("false")
            value = .literal
        case "n":
            try expect("null")
            value = .literal
        default: value = .number(isInteger: try number())
        }
        return Node(range: start..<position, value: value)
    }

    private mutating func enter() {
        depth += 1
        deepest = max(deepest, depth)
    }

    /// object = begin-object [ member *( value-separator member ) ] end-object
    private mutating func object() throws(Rejected) -> [(key: [UInt16], value: Node)] {
        enter()
        defer { depth -= 1 }
        try expect("{")
        whitespace()
        var members: [(key: [UInt16], value: Node)] = []
        if take("}") { return members }
        repeat {
            whitespace()
            let key = try string()
            whitespace()
            try expect(":")
            whitespace()
            members.append((key, try value()))
            whitespace()
        } while take(",")
        try expect("}")
        return members
    }

    /// array = begin-array [ value *( value-separator value ) ] end-array
    private mutating func array() throws(Rejected) -> [Node] {
        enter()
        defer { depth -= 1 }
        try expect("[")
        whitespace()
        var elements: [Node] = []
        if take("]") { return elements }
        repeat {
            whitespace()
            elements.append(try value())
            whitespace()
        } while take(",")
        try expect("]")
        return elements
    }

    /// number = [ minus ] int [ frac ] [ exp ]
    private mutating func number() throws(Rejected) -> Bool {
        _ = take("-")
        if !take("0") { try digits() }
        var isInteger = true
        if take(".") {
            isInteger = false
            try digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        return isInteger
    }

    private mutating func digits() throws(Rejected) {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        guard position > start else { throw Rejected() }
    }

    /// string = quotation-mark *char quotation-mark, as UTF-16
    private mutating func string() throws(Rejected) -> [UInt16] {
        try expect("\"")
        var units: [UInt16] = []
        var plain: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case 0x22, 0x5C:
                if !plain.isEmpty {
                    units += Array(String(decoding: plain, as: Unicode.UTF8.self).utf16)
                    plain = []
                }
                if byte == 0x22 { return units }
                units.append(try escape())
            case 0..<0x20: throw Rejected()
            default: plain.append(byte)
            }
        }
        throw Rejected()
    }

    private mutating func escape() throws(Rejected) -> UInt16 {
        let short: [Character: UInt16] = [
            "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
        ]
        guard let character = current else { throw Rejected() }
        position += 1
        if let unit = short[character] { return unit }
        guard character == "u", position + 4 <= bytes.count else { throw Rejected() }
        let digits = String(decoding: bytes[position..<position + 4], as: Unicode.UTF8.self)
        // UInt16(_:radix:) would take a sign.
        guard digits.allSatisfy(\.isHexDigit), digits.utf8.count == digits.count, let unit = UInt16(digits, radix: 16)
        else { throw Rejected() }
        position += 4
        return unit
    }
}
