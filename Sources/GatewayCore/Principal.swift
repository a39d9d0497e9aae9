/// Who a request comes from, as far as its token tells. Sessions are bound to it.
public enum Principal: Hashable, Sendable {
    /// The route asks for no token, and the request came over the network.
    case anonymous
    /// The route asks for no token, and the request came from this machine itself.
    case local
    /// The holder of the route's token at this index in the configuration.
    case token(index: Int)

    /// Whether this can be taken for the gateway's operator.
    public var isTrusted: Bool { self != .anonymous }
}
