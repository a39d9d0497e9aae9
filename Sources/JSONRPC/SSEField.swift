import NIOCore

/// One line of an event stream that is no comment, as a field and its value (WHATWG HTML §9.2.6).
struct SSEField {
    enum Name {
        case data
        case event
        case id
        case retry
        case unknown
    }

    let name: Name
    let value: ByteBuffer

    /// Splits a line at its first colon, after which one space is left out. Without a colon the value is empty.
    init(_ line: ByteBuffer) {
        var value = line
        let nameLength = line.firstOffset(of: UInt8(ascii: ":"), from: 0) ?? line.readableBytes
        name = Self.name(line.readableBytesView.prefix(nameLength))
        value.moveReaderIndex(forwardBy: min(nameLength + 1, line.readableBytes))
        if value.readableBytesView.first == UInt8(ascii: " ") { value.moveReaderIndex(forwardBy: 1) }
        self.value = value.slice()
    }

    private static func name(_ bytes: ByteBufferView) -> Name {
        if bytes.elementsEqual("data".utf8) { return .data }
        if bytes.elementsEqual("event".utf8) { return .event }
        if bytes.elementsEqual("id".utf8) { return .id }
        return bytes.elementsEqual("retry".utf8) ? .retry : .unknown
    }
}
