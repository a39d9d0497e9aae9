public import NIOCore

/// Writes JSON strings (RFC 8259 §7).
public enum JSONText {
    /// `string` as a JSON string, with its quotes and on one line.
    ///
    /// Only what must be escaped is: the quote, the backslash and the control characters below U+0020.
    public static func quoted(_ string: String) -> String {
        String(decoding: quotedBytes(string), as: Unicode.UTF8.self)
    }

    /// `string` as the JSON text of a string.
    public static func quotedBuffer(_ string: String) -> ByteBuffer {
        ByteBuffer(bytes: quotedBytes(string))
    }

    /// Appends `string` to `buffer` as a JSON string.
    public static func write(_ string: String, into buffer: inout ByteBuffer) {
        buffer.writeBytes(quotedBytes(string))
    }

    private static func quotedBytes(_ string: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(string.utf8.count + 2)
        output.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x08: output += "\\b".utf8
            case 0x09: output += "\\t".utf8
            case 0x0A: output += "\\n".utf8
            case 0x0C: output += "\\f".utf8
            case 0x0D: output += "\\r".utf8
            case ..<0x20:
                output += "\\u00".utf8
                output += [byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1")]
                output += String(byte & 0xF, radix: 16).utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
        return output
    }
}
