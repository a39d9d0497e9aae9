/// Makes texts that are JSON-RPC messages, or nearly.
public struct MessageGenerator: Sendable {
    private var random: SeededGenerator

    /// The generator at the start of the seed's sequence.
    public init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// A message; one in two is then damaged in one to three places.
    public mutating func next() -> [UInt8] {
        var text = Array((chance(50) ? noMessage() : message()).utf8)
        if chance(2) {
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                text.damage(inserting: Self.tokens, using: &random)
            }
        }
        return text
    }

    private mutating func chance(_ oneIn: Int) -> Bool { random.chance(oneIn) }

    private mutating func pick(_ choices: [String]) -> String { random.pick(choices) }

    // MARK: Messages

    private mutating func message() -> String {
        var members: [String] = []
        if !chance(40) { members.append(member("jsonrpc", chance(40) ? value(0) : "\"2.0\"")) }
        let isCall = chance(2)
        if !chance(4) { members.append(member("id", chance(12) ? value(0) : id())) }
        if isCall {
            members.append(member("method", chance(20) ? value(0) : string()))
            if !chance(3) { members.append(member("params", chance(20) ? value(0) : params())) }
        } else {
            members.append(member(chance(3) ? "error" : "result", value(3)))
        }
        if chance(30) { members.append(member(pick(["id", "method", "params", "result", "error"]), value(1))) }
        while chance(3) { members.append(member(pick(["x", "ID", "i", "", "paramz", "_meta", "name"]), value(2))) }
        return space() + object(members) + space()
    }

    /// A batch, or a value of any other kind.
    private mutating func noMessage() -> String {
        chance(2) ? "[" + message() + space() + "," + message() + "]" : space() + value(1) + space()
    }

    private mutating func params() -> String {
        var members: [String] = []
        for name in ["name", "uri", "progressToken", "requestId"] where chance(3) {
            members.append(member(name, chance(5) ? value(1) : id()))
        }
        if chance(3) { members.append(member("_meta", chance(8) ? value(1) : meta())) }
        if chance(2) { members.append(member("arguments", value(4))) }
        if chance(30) { members.append(member(pick(["name", "uri", "_meta", "requestId"]), id())) }
        return object(members)
    }

    private mutating func meta() -> String {
        var members = [member(pick(["x", "progresstoken"]), value(2))]
        if !chance(4) { members.append(member("progressToken", chance(6) ? value(1) : id())) }
        if chance(20) { members.append(member("progressToken", id())) }
        return object(members)
    }

    private mutating func object(_ members: [String]) -> String {
        "{" + space() + members.shuffled(using: &random).joined(separator: space() + "," + space()) + space() + "}"
    }

    private mutating func member(_ name: String, _ value: String) -> String {
        "\"" + (chance(8) ? escaped(name) : name) + "\"" + space() + ":" + space() + value
    }

    /// The same name with some of its characters as escapes.
    private mutating func escaped(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            let digits = String(byte, radix: 16, uppercase: chance(2))
            text += chance(2) ? "\\u00" + digits : String(Character(Unicode.Scalar(byte)))
        }
        return text
    }

    private mutating func space() -> String {
        chance(12) ? pick([" ", "\t", "\n", "\r\n", "  "]) : ""
    }

    // MARK: Values

    private mutating func id() -> String {
        chance(2) ? pick(["0", "7", "-1", "9007199254740993", "123456789012345678901234567890"]) : string()
    }

    private mutating func value(_ depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: pick(["true", "false", "null"])
        case 1: pick(["0", "-0", "1.5", "-1e5", "2E+10", "0.0e-1", "1e400", "9007199254740993", "10", "1.0"])
        case 2, 3: string()
        case 4: pick(["[]", "{}", "\"\""])
        case 5: object(["\"k\":" + value(depth - 1), "\"progressToken\":" + value(depth - 1)])
        case 6: "[" + space() + value(depth - 1) + space() + "," + value(depth - 1) + "]"
        default: nested()
        }
    }

    /// Around the depth limit.
    private mutating func nested() -> String {
        guard chance(20) else { return "[[{}]]" }
        let depth = Int.random(in: 120...130, using: &random)
        return chance(2)
            ? String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            : String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
    }

    private mutating func string() -> String {
        var text = "\""
        repeat {
            text += pick([
                "abc", "tools/call", "a long text without anything in it", "é", "\u{2028}", "😀", "\u{7F}", "\u{10FFFF}",
                "\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\uD83D\\uDE00", "\\ud800", "\\uDC00x", "\\u00e9", "{[,:]}",
            ])
        } while chance(2)
        return text + "\""
    }

    // MARK: Damage

    private static let tokens: [[UInt8]] =
        [
            "\"", "\\", "\\u", ",", "}", "{", "[", "]", "null", "\n", "\u{FEFF}", "0", ".", "e", "-", "\u{0}", "\u{1F}",
        ].map { Array($0.utf8) } + [
            [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x80], [0xFF],
        ]
}
