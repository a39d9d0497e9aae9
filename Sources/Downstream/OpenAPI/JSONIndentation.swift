internal import NIOCore

/// JSON text for people to read.
enum JSONIndentation {
    /// Deeper levels are not moved in further.
    private static let depthLimit = 20

    /// JSON text with a line for each member and element. The text is known to be JSON.
    static func text(of json: ByteBuffer) -> String {
        var out: [UInt8] = []
        var depth = 0
        var (isInString, isEscaped) = (false, false)
        func lineBreak() {
            out += [UInt8(ascii: "\n")] + [UInt8](repeating: UInt8(ascii: " "), count: 2 * min(depth, depthLimit))
        }
        for byte in json.readableBytesView {
            if isInString {
                out.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                out.append(byte)
                depth += 1
                lineBreak()
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                let isEmpty = out.last(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") })
                    .map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }
                if isEmpty == true {
                    while out.last == UInt8(ascii: " ") || out.last == UInt8(ascii: "\n") { out.removeLast() }
                } else {
                    lineBreak()
                }
                out.append(byte)
            case UInt8(ascii: ","):
                out.append(byte)
                lineBreak()
            case UInt8(ascii: ":"): out += [byte, UInt8(ascii: " ")]
            default:
                if byte == UInt8(ascii: "\"") { isInString = true }
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
