internal import Glibc
public import NIOCore

extension ByteBuffer {
    /// Whether these bytes stand somewhere in it.
    ///
    /// - Parameter mark: which of them is looked for first, counted from zero: the rarer it is, the less is compared.
    public func contains(_ text: StaticString, mark: Int = 0) -> Bool {
        withUnsafeReadableBytes { bytes in
            text.withUTF8Buffer { text in
                guard text.indices.contains(mark), let start = bytes.baseAddress, let wanted = text.baseAddress else {
                    return false
                }
                var offset = mark
                // Behind the mark there must be room for the rest.
                let end = bytes.count - (text.count - mark) + 1
                while offset < end {
                    // The C library looks at 32 bytes at a time for it.
                    guard let found = memchr(start + offset, Int32(text[mark]), end - offset) else { return false }
                    if memcmp(found - mark, wanted, text.count) == 0 { return true }
                    offset = start.distance(to: UnsafeRawPointer(found)) + 1
                }
                return false
            }
        }
    }
}
