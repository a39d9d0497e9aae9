internal import JSONRPC
internal import NIOCore

/// A value of the admin API as its JSON text, read where it is needed.
struct JSONValue: Sendable {
    let text: ByteBuffer

    init(_ bytes: [UInt8]) {
        text = ByteBuffer(bytes: bytes)
    }

    init(_ text: ByteBuffer) {
        self.text = text
    }

    var bytes: [UInt8] { Array(text.readableBytesView) }

    /// The member of an object; `nil` if it is not there, or null.
    subscript(_ key: String) -> JSONValue? {
        guard let value = JSONOutline.members(of: text)?.first(where: { $0.key == key })?.value else { return nil }
        return value == ByteBuffer(string: "null") ? nil : JSONValue(value)
    }

    /// The members of an object, in order.
    var members: [(key: String, value: JSONValue)]? {
        JSONOutline.members(of: text)?.map { ($0.key, JSONValue($0.value)) }
    }

    /// The elements of an array.
    var elements: [JSONValue]? {
        JSONOutline.elements(of: text)?.map { JSONValue($0) }
    }

    var string: String? { JSONOutline.string(text) }

    var integer: Int? { Int(String(buffer: text)) }

    var isTrue: Bool { text == ByteBuffer(string: "true") }

    /// A number of milliseconds.
    var milliseconds: Duration? { integer.map { .milliseconds($0) } }

    /// The value as it came.
    var description: String { String(buffer: text) }
}
