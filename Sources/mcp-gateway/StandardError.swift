internal import Glibc

/// The process's stderr, unbuffered.
enum StandardError {
    /// Writes all of `text`, or gives up when nobody reads any more.
    static func write(_ text: String) {
        write(text, to: STDERR_FILENO)
    }

    /// Writes to another descriptor in the same way. Returns 0, or the errno of what could not be written.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written < 0 {
                    guard errno == EINTR else { return errno }
                } else {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                }
            }
            return 0
        }
    }
}
