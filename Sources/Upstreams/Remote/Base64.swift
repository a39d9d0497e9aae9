/// The standard encoding of RFC 4648 §4, in which userinfo of a URL goes over the wire (RFC 7617).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Without padding, so that it is found in whatever it was padded to.
    static func text(of bytes: some Sequence<UInt8>) -> String {
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
        return String(decoding: output, as: UTF8.self)
    }
}
