/// Reads the header lines that libcurl passes on: those of interim answers, of the answer, and trailers.
struct ResponseHeadReader {
    /// What a line led to.
    enum Step: Equatable {
        /// More lines are to follow, or have no meaning for us.
        case more
        /// It ended the head of the final answer.
        case complete(HTTPResponseHead)
        /// It is not to be accepted, for this reason.
        case refused(String)
    }

    /// The most bytes that all lines of one answer may have together.
    static let limit = 64 * 1024

    private var status = 0
    private var fields: [HTTPField] = []
    private var size = 0
    private var isComplete = false

    /// Takes the next line, with or without its end.
    mutating func read(_ line: some RandomAccessCollection<UInt8>) -> Step {
        size += line.count
        guard size <= Self.limit else { return .refused("the head of the answer is longer than 64 KiB") }
        // Trailers (RFC 9112 §7.1.2): nobody here has a use for them.
        if isComplete { return .more }
        let content = line.trimming { $0 == Self.carriageReturn || $0 == Self.lineFeed }
        if content.starts(with: "HTTP/".utf8) { return readStatus(content) }
        if content.isEmpty { return end() }
        return readField(content)
    }

    private mutating func readStatus(_ line: some RandomAccessCollection<UInt8>) -> Step {
        let digits = line.drop { $0 != Self.space }.dropFirst().prefix { $0 != Self.space }
        guard digits.count == 3, let code = Int(String(decoding: digits, as: UTF8.self)), code >= 100 else {
            return .refused("the answer has no valid status")
        }
        status = code
        fields = []
        return .more
    }

    private mutating func readField(_ line: some RandomAccessCollection<UInt8>) -> Step {
        if let first = line.first, Self.isBlank(first) { return continueField(line) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            return .refused("the head of the answer has a line without a colon")
        }
        let name = String(decoding: line[..<colon].trimming(Self.isBlank), as: UTF8.self).lowercased()
        guard !name.isEmpty else { return .refused("the head of the answer has a field without a name") }
        let value = line[line.index(after: colon)...].trimming(Self.isBlank)
        fields.append(HTTPField(name, String(decoding: value, as: UTF8.self)))
        return .more
    }

    /// A value that goes on in a line of its own is one value (RFC 9112 §5.2).
    private mutating func continueField(_ line: some RandomAccessCollection<UInt8>) -> Step {
        guard var last = fields.popLast() else { return .refused("the head of the answer begins with a blank") }
        let more = String(decoding: line.trimming(Self.isBlank), as: UTF8.self)
        last.value += last.value.isEmpty || more.isEmpty ? more : " \(more)"
        fields.append(last)
        return .more
    }

    private mutating func end() -> Step {
        switch status {
        case 101: return .refused("the server changed to another protocol unasked")
        case 0..<200: return .more
        default:
            isComplete = true
            return .complete(HTTPResponseHead(status: status, fields: fields))
        }
    }

    private static let space = UInt8(ascii: " ")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")

    private static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == UInt8(ascii: "\t") }
}

extension BidirectionalCollection {
    /// Without the elements at both ends for which this holds.
    fileprivate func trimming(_ isUnwanted: (Element) -> Bool) -> SubSequence {
        var rest = drop(while: isUnwanted)
        while let last = rest.last, isUnwanted(last) { rest.removeLast() }
        return rest
    }
}
