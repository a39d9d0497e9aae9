/// One header of a client's request that goes along to a server over HTTP, because its configuration says so.
public struct ForwardedHeader: Sendable, Equatable {
    /// The name, as the configuration spells it.
    public let name: String
    /// The value, as the client sent it. May be a secret: do not print it.
    public let value: String

    /// The bytes of both.
    public var size: Int { name.utf8.count + value.utf8.count }

    /// A header of this name.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
