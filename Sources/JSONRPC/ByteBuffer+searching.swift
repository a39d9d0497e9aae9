internal import Glibc
public import NIOCore

extension ByteBuffer {
    /// Whether these bytes stand somewhere in it.
    public func contains(_ text: StaticString) -> Bool {
        withUnsafeReadableBytes { bytes in
            text.withUTF8Buffer { text in
                guard let first = text.first, let start = bytes.baseAddress, let wanted = text.baseAddress else {
                    return false
                }
                var offset = 0
                while bytes.count - offset >= text.count {
                    // The C library looks at 32 bytes at a time for the first of them.
                    let last = bytes.count - text.count
                    guard let found = memchr(start + offset, Int32(first), last - offset + 1) else { return false }
                    let place = start.distance(to: UnsafeRawPointer(found))
                    if memcmp(found, wanted, text.count) == 0 { return true }
                    offset = place + 1
                }
                return false
            }
        }
    }
}
