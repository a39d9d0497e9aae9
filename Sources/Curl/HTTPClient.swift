internal import Glibc
internal import Synchronization

/// Sends requests over HTTP/1.1 and HTTP/2, each as a transfer whose events come as they happen.
///
/// Every open transfer has a connection of its own, which is kept for the next one to the same origin. Proxies are those
/// of the environment (`http_proxy`, `https_proxy`, `no_proxy`, as curl(1) has them), but never for this machine itself.
public final class HTTPClient: Sendable {
    private let queue: CommandQueue
    private let thread: pthread_t
    private let isJoined = Mutex(false)

    /// Starts the thread that drives all transfers.
    ///
    /// - Throws: `HTTPClientFailure` if the system refuses a descriptor or the thread.
    public init() throws(HTTPClientFailure) {
        queue = try CommandQueue()
        thread = try Driver.begin(queue: queue)
    }

    deinit {
        guard !isJoined.withLock({ $0 }) else { return }
        queue.close()
        pthread_detach(thread)
    }

    /// Sends the request. Every event is told on the one thread of the client, which must not be kept waiting: the
    /// receiver takes it to where it belongs. Anything here may be called from within.
    ///
    /// After `shutdown` nothing is sent, and the one event is told before this returns.
    public func start(
        _ request: HTTPRequest, onEvent: @escaping @Sendable (TransferEvent) -> Void
    ) -> HTTPTransfer {
        let transfer = HTTPTransfer(queue: queue, window: request.window)
        let order = TransferOrder(transfer: transfer, request: request, onEvent: onEvent)
        if !queue.push(.start(order)) { onEvent(.end(.cancelled(wasSent: false))) }
        return transfer
    }

    /// Ends all transfers as if each were cancelled, and the thread. Returns when every receiver has had its end, or,
    /// if a receiver calls it, at once.
    public func shutdown() {
        queue.close()
        guard pthread_equal(pthread_self(), thread) == 0 else { return }
        isJoined.withLock { isJoined in
            if !isJoined { pthread_join(thread, nil) }
            isJoined = true
        }
    }
}
