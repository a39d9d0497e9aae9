public import NIOCore

extension ByteBuffer {
    /// The bytes with others in the place of some of them: copied once.
    ///
    /// - Parameter range: a stretch of the readable bytes, counted from the first.
    public func replacing(_ range: Range<Int>, with bytes: ByteBuffer) -> ByteBuffer {
        var output = ByteBuffer()
        _ = withUnsafeReadableBytes { source in
            bytes.withUnsafeReadableBytes { middle in
                let length = source.count - range.count + middle.count
                return output.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
                    let (head, tail) = (source[..<range.lowerBound], source[range.upperBound...])
                    UnsafeMutableRawBufferPointer(rebasing: target[..<head.count])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: head))
                    UnsafeMutableRawBufferPointer(rebasing: target[head.count...]).copyMemory(from: middle)
                    UnsafeMutableRawBufferPointer(rebasing: target[(head.count + middle.count)...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: tail))
                    return length
                }
            }
        }
        return output
    }
}
