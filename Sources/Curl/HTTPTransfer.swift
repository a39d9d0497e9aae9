internal import Synchronization

/// A request on its way, and its answer. It goes on if nobody holds this.
public final class HTTPTransfer: Sendable {
    private let queue: CommandQueue
    private let window: Mutex<ReceiveWindow>
    private let cancelled = Atomic(false)

    init(queue: CommandQueue, window: Int) {
        self.queue = queue
        self.window = Mutex(ReceiveWindow(size: window))
    }

    /// Ends it, from any thread. Its receiver gets one `end`: `cancelled`, unless another end was on its way already.
    public func cancel() {
        guard !cancelled.exchange(true, ordering: .relaxed) else { return }
        queue.push(.cancel(self))
    }

    /// The receiver has no more use for so many bytes of body, from any thread.
    public func consumed(_ bytes: Int) {
        // Outside of the lock, since the thread of the client takes it in the midst of receiving.
        if window.withLock({ $0.consume(bytes) }) { queue.push(.resume(self)) }
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Whether the receiver takes these bytes now. If not, a `resume` follows when it does.
    func admit(_ count: Int) -> Bool {
        window.withLock { $0.admit(count) }
    }
}
