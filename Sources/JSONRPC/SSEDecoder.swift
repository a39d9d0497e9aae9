public import NIOCore

/// Reads an event stream (WHATWG HTML §9.2), cut into chunks wherever it may be.
///
/// Feed it with `append(_:)`, then call `next()` until it returns nil. It holds at most the limit plus one chunk, and
/// looks at every byte once. An event that the stream's end cuts off is dropped, as the standard says.
public struct SSEDecoder: Sendable {
    /// What a stream consists of.
    public enum Output: Sendable, Equatable {
        /// An event that has a `data` field. Empty data with an id is a priming event.
        case event(ServerSentEvent)
        /// An event beyond the limit: the first bytes of its data. It comes as soon as that is known; the rest of the
        /// event is discarded.
        case oversized(head: ByteBuffer)
    }

    /// How many bytes of an oversized event's data are kept.
    public static let headLength = 4096

    /// The id of the last event that had one, for `Last-Event-ID`; nil when none had, or the last reset it.
    public private(set) var lastEventID: String?
    /// How long the server wants a client to wait before it reconnects, in milliseconds; nil when it said nothing.
    public private(set) var retryMilliseconds: Int?

    private let maximumLength: Int
    private var lines = SSELines()
    private var block = Block()
    /// Whether the current event was oversized, so that everything up to its blank line goes.
    private var isDiscarding = false

    /// What is known of an event before its blank line.
    private struct Block {
        var name = ""
        var data: ByteBuffer?
        var id: String?
        /// How long its lines were together, comments left out.
        var length = 0
    }

    /// Creates a decoder at the start of a stream.
    ///
    /// - Parameter maximumLength: how many bytes the lines of one event may have together, without what ends them.
    public init(maximumLength: Int) {
        self.maximumLength = maximumLength
    }

    /// Adds the stream's next bytes.
    public mutating func append(_ chunk: ByteBuffer) {
        lines.append(chunk)
    }

    /// The next event, or nil when more bytes are needed.
    public mutating func next() -> Output? {
        while let line = lines.next() {
            if let output = take(line) { return output }
        }
        if isDiscarding {
            lines.discardUnfinished()
        } else if block.length + lines.unfinished.readableBytes > maximumLength {
            let output = oversized(by: lines.unfinished)
            lines.discardUnfinished()
            return output
        }
        return nil
    }

    private mutating func take(_ line: SSELines.Line) -> Output? {
        switch line {
        case .blank:
            defer { block = Block() }
            isDiscarding = false
            return finishedEvent()
        case .cut:
            return nil
        case .whole(let text):
            guard !isDiscarding else { return nil }
            guard block.length + text.readableBytes <= maximumLength else { return oversized(by: text) }
            if text.readableBytesView.first != UInt8(ascii: ":") {
                block.length += text.readableBytes
                take(SSEField(text))
            }
            return nil
        }
    }

    private mutating func take(_ field: SSEField) {
        switch field.name {
        case .data:
            if block.data == nil {
                block.data = field.value
            } else {
                // In place, or every line would copy those before it.
                block.data?.writeInteger(UInt8(ascii: "\n"))
                block.data?.writeImmutableBuffer(field.value)
            }
        case .event:
            block.name = String(buffer: field.value)
        case .id:
            // An id with NUL is ignored, since it cannot be sent back in a header.
            if !field.value.readableBytesView.contains(0) { block.id = String(buffer: field.value) }
        case .retry:
            let isNumber = field.value.readableBytesView.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
            if isNumber, let milliseconds = Int(String(buffer: field.value)) { retryMilliseconds = milliseconds }
        case .unknown:
            break
        }
    }

    /// What the blank line makes of the block; an event without data only sets the last id.
    private mutating func finishedEvent() -> Output? {
        if let id = block.id { lastEventID = id.isEmpty ? nil : id }
        guard let data = block.data else { return nil }
        return .event(
            ServerSentEvent(name: block.name.isEmpty ? "message" : block.name, data: data, id: block.id))
    }

    /// Gives the event up at `line`, of which only so much is looked at as would have been in order: what is reported
    /// does not depend on how the stream was chunked.
    private mutating func oversized(by line: ByteBuffer) -> Output {
        let allowed = line.getSlice(at: line.readerIndex, length: max(0, maximumLength - block.length))
        if let allowed { take(SSEField(allowed)) }
        let head = block.data?.readableBytesView.prefix(Self.headLength)
        // An id that was read still counts, or a client that resumes would be sent the same event again.
        if let id = block.id { lastEventID = id.isEmpty ? nil : id }
        block = Block()
        isDiscarding = true
        return .oversized(head: head.map { ByteBuffer(bytes: $0) } ?? ByteBuffer())
    }
}
