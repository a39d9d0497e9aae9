/// One header field (RFC 9110 §5).
public struct HTTPField: Sendable, Equatable {
    /// The name.
    public var name: String
    /// The value, without the white space around it.
    public var value: String

    /// A field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
