/// Turns the bytes of a file into text the reader takes, or says where they are not text.
enum SourceText {
    /// The largest file that is read, in bytes. Configurations are a few KiB; this stops a wrong path early.
    static let sizeLimit = 4 << 20

    /// Reads bytes as JSON with comments.
    static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> JSONNode {
        guard bytes.count <= sizeLimit else {
            throw SyntaxError(
                position: .start,
                message: "the file is larger than \(sizeLimit >> 20) MiB; is it the right one?")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw SyntaxError(
                position: .start, message: "the file is UTF-16; save it as UTF-8")
        }
        if let place = firstInvalidByte(in: bytes) {
            throw SyntaxError(position: place, message: "these bytes are not UTF-8; save the file as UTF-8")
        }
        return try JSONCReader.read(bytes)
    }

    private static func firstInvalidByte(in bytes: [UInt8]) -> Position? {
        var position = Position(line: 1, column: 1)
        var iterator = bytes.makeIterator()
        var decoder = Unicode.UTF8()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue("\n"):
                position = Position(line: position.line + 1, column: 1)
            case .scalarValue:
                position.column += 1
            case .emptyInput:
                return nil
            case .error:
                return position
            }
        }
    }
}
