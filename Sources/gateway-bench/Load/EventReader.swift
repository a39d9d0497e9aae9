internal import NIOCore

/// Reads server-sent events whose data is one line, and holds each message to what is awaited.
struct EventReader {
    enum Event {
        /// Where the session's messages go.
        case endpoint(String)
        /// The awaited message has come, whole and right.
        case answer
    }

    private var line: [UInt8] = []
    private var isEndpoint = false
    private var endpoint: String?
    /// Whether the message's bytes come next, which can be many.
    private var isInMessage = false
    private var hasMessage = false

    init() {
        line.reserveCapacity(256)
    }

    /// The next event; nil when `bytes` are used up.
    mutating func next(_ bytes: inout ByteBuffer, _ awaited: inout AwaitedAnswer) throws(BenchFailure) -> Event? {
        while bytes.readableBytes > 0 {
            if isInMessage {
                try awaited.take(&bytes)
                if awaited.isWhole || bytes.readableBytes > 0 { isInMessage = false }
                continue
            }
            guard let byte = bytes.readInteger(as: UInt8.self) else { break }
            if byte == UInt8(ascii: "\n") {
                if let event = try endLine(awaited) { return event }
                continue
            }
            line.append(byte)
            if line.count == 6, !isEndpoint, line.elementsEqual("data: ".utf8) {
                isInMessage = true
                hasMessage = true
            }
        }
        return nil
    }

    private mutating func endLine(_ awaited: AwaitedAnswer) throws(BenchFailure) -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        guard line.isEmpty else {
            if isEndpoint, line.starts(with: "data: ".utf8) {
                endpoint = String(decoding: line.dropFirst(6), as: UTF8.self)
            } else if line.elementsEqual("event: endpoint".utf8) {
                isEndpoint = true
            } else if line.starts(with: "data: ".utf8), line.count > 6 {
                throw BenchFailure("the answer is longer than expected")
            }
            return nil
        }
        defer { (isEndpoint, endpoint, hasMessage) = (false, nil, false) }
        if let endpoint { return .endpoint(endpoint) }
        guard hasMessage else { return nil }
        try awaited.checkComplete()
        return .answer
    }
}
