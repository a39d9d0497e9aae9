/// A request on its way, and its answer.
public final class HTTPTransfer: Sendable {
    /// Ends it. Its receiver gets one `end`, `cancelled` unless another end was there first.
    public func cancel() {
    }

    /// The receiver has no more use for so many bytes of body.
    public func consumed(_ bytes: Int) {
    }
}
