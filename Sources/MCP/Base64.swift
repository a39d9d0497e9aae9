/// The standard encoding of RFC 4648 §4.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes as text.
    ///
    /// - Parameter padded: whether it is filled up with `=`; without, it is found in whatever it was padded to.
    public static func text(of bytes: some Sequence<UInt8>, padded: Bool = true) -> String {
        var output: [UInt8] = []
        var rest = 0
        var bits = 0
        for byte in bytes {
            rest = rest << 8 | Int(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                output.append(alphabet[rest >> bits & 0x3F])
            }
            rest &= (1 << bits) - 1
        }
        if bits > 0 { output.append(alphabet[rest << (6 - bits) & 0x3F]) }
        while padded, output.count % 4 != 0 { output.append(UInt8(ascii: "=")) }
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes of a padded text; `nil` unless it is exactly what these bytes are encoded to.
    public static func bytes(of text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count % 4 == 0 else { return nil }
        var output: [UInt8] = []
        var rest = 0
        var bits = 0
        for character in text.utf8 {
            guard let value = value(of: character) else { break }
            rest = rest << 6 | value
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            output.append(UInt8(rest >> bits & 0xFF))
            rest &= (1 << bits) - 1
        }
        // Padding in other places, other characters and stray bits all show here.
        return Self.text(of: output) == text ? output : nil
    }

    private static func value(of character: UInt8) -> Int? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character) - 97 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character) - 48 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
