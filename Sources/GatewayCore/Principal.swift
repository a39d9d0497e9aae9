/// Who a request comes from, as far as its token tells. Sessions are bound to it.
public enum Principal: Hashable, Sendable {
    /// The route asks for no token.
    case anonymous
    /// The holder of the route's token at this index in the configuration.
    case token(index: Int)
}
