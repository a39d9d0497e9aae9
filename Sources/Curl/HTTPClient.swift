/// Sends requests over HTTP/1.1 and HTTP/2, each as a transfer whose events come as they happen.
public final class HTTPClient: Sendable {
    /// Starts the thread that drives all transfers.
    public init() throws {
    }

    /// Sends the request. Events are told on the thread of the client, which must not be kept waiting.
    public func start(
        _ request: HTTPRequest, onEvent: @escaping @Sendable (TransferEvent) -> Void
    ) -> HTTPTransfer {
        onEvent(.end(TransferFailure(.other, wasSent: false, "not yet written")))
        return HTTPTransfer()
    }

    /// Ends all transfers as if each were cancelled, and the thread. Returns when every receiver has had its end.
    public func shutdown() {
    }
}
