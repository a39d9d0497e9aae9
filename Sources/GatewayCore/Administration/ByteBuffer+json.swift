internal import JSONRPC
internal import NIOCore

// JSON text of the few kinds of values that the gateway says of itself.

extension ByteBuffer {
    static let null = ByteBuffer(string: "null")

    static func json(_ value: Bool) -> ByteBuffer { ByteBuffer(string: value ? "true" : "false") }

    static func json(_ value: Int) -> ByteBuffer { ByteBuffer(string: String(value)) }

    /// In whole milliseconds.
    static func json(_ value: Duration) -> ByteBuffer { json(Int(value / .milliseconds(1))) }

    static func json(_ value: String?) -> ByteBuffer { value.map(JSONText.quotedBuffer) ?? null }

    static func json(_ values: [String]) -> ByteBuffer { JSONText.array(values.map(JSONText.quotedBuffer)) }
}
