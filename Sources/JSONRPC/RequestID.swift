public import NIOCore

/// A JSON-RPC request id as its owner spelled it: the JSON text of a string (with quotes) or an integer.
///
/// `"1"` and `1` are different ids, and `9007199254740993` keeps every digit.
public struct RequestID: Hashable, Sendable {
    /// The JSON text.
    public let json: ByteBuffer

    /// Takes the JSON text of an id that a scan accepted.
    public init(json: ByteBuffer) {
        self.json = json
    }

    /// The id that the gateway gives to a request of its own.
    public init(_ number: Int) {
        json = ByteBuffer(string: String(number))
    }
}
