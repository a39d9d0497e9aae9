internal import NIOCore

extension ByteBuffer {
    /// Whether the first byte that is no white space opens an object or an array.
    var beginsLikeJSON: Bool {
        for byte in readableBytesView {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): return true
            default: return false
            }
        }
        return false
    }
}
