internal import NIOCore

/// Reads HTTP/1.1 responses, as a value.
///
/// NIO's own decoder costs the load generator about as much as the gateway spends on a call; on a small machine that
/// would be measured too.
struct ResponseReader {
    struct Head {
        var status = 0
        var isEventStream = false
        var sessionID: String?
        fileprivate var body = Body.none
    }

    fileprivate enum Body {
        case none
        case length(Int)
        case chunked
    }

    enum Part {
        case head(Head)
        case body(ByteBuffer)
        case end
    }

    private enum State {
        case head
        case fixed(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailer
    }

    private var pending = ByteBuffer()
    private var state = State.head

    mutating func append(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 { pending = bytes } else { pending.writeImmutableBuffer(bytes) }
    }

    /// The next part; nil when more bytes are needed.
    mutating func next() throws(BenchFailure) -> Part? {
        while true {
            switch state {
            case .head:
                guard let head = try readHead() else { return nil }
                switch head.body {
                case .none: state = .fixed(left: 0)
                case .length(let length): state = .fixed(left: length)
                case .chunked: state = .chunkSize
                }
                return .head(head)
            case .fixed(left: 0):
                state = .head
                return .end
            case .fixed(let left):
                guard let bytes = readUp(to: left) else { return nil }
                state = .fixed(left: left - bytes.readableBytes)
                return .body(bytes)
            case .chunkSize:
                guard let line = try readLine() else { return nil }
                guard let size = Int(line, radix: 16) else { throw BenchFailure("\"\(line)\" is no chunk size") }
                state = size == 0 ? .trailer : .chunk(left: size)
            case .chunk(left: 0):
                state = .chunkEnd
            case .chunk(let left):
                guard let bytes = readUp(to: left) else { return nil }
                state = .chunk(left: left - bytes.readableBytes)
                return .body(bytes)
            case .chunkEnd:
                guard try readLine() != nil else { return nil }
                state = .chunkSize
            case .trailer:
                guard let line = try readLine() else { return nil }
                guard line.isEmpty else { continue }
                state = .head
                return .end
            }
        }
    }

    private mutating func readUp(to limit: Int) -> ByteBuffer? {
        let length = min(limit, pending.readableBytes)
        return length > 0 ? pending.readSlice(length: length) : nil
    }

    private mutating func readLine() throws(BenchFailure) -> String? {
        guard let end = pending.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        guard var line = pending.readString(length: end - pending.readerIndex + 1), line.hasSuffix("\r\n") else {
            throw BenchFailure("a line of the response's framing does not end in CRLF")
        }
        // One character, since CRLF is a grapheme.
        line.removeLast()
        return line
    }

    /// Only the four fields that matter are looked at.
    private mutating func readHead() throws(BenchFailure) -> Head? {
        guard let length = lengthOfHead() else { return nil }
        guard let text = pending.readString(length: length) else { return nil }
        var lines = text.utf8.split(separator: UInt8(ascii: "\r")).makeIterator()
        var head = Head()
        guard let status = lines.next()?.dropFirst(9).prefix(3), let code = Int(Substring(status)) else {
            throw BenchFailure("no HTTP response: \(text.prefix(80))")
        }
        head.status = code
        while let line = lines.next()?.dropFirst(), let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            // Nearly all fields are sorted out by their length.
            let length = line.distance(from: line.startIndex, to: colon)
            guard [12, 14, 17].contains(length) else { continue }
            let value = Substring(line[colon...].dropFirst().drop { $0 == UInt8(ascii: " ") })
            switch Substring(line[..<colon]).lowercased() {
            case "content-length": head.body = .length(Int(value) ?? 0)
            case "transfer-encoding": head.body = .chunked
            case "content-type": head.isEventStream = value.hasPrefix("text/event-stream")
            case "mcp-session-id": head.sessionID = String(value)
            default: break
            }
        }
        return head
    }

    private func lengthOfHead() -> Int? {
        pending.withUnsafeReadableBytes { bytes in
            var index = 3
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\n"):
                    if bytes[index - 1] == 13, bytes[index - 2] == 10, bytes[index - 3] == 13 { return index + 1 }
                    index += 2
                case UInt8(ascii: "\r"): index += 1
                default: index += 2
                }
            }
            return nil
        }
    }
}
