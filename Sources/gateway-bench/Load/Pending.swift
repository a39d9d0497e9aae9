internal import NIOCore

/// Something that a task waits for, and the time after which it does not wait any more. Lives on the event loop.
final class Pending<Value: Sendable> {
    private var continuation: CheckedContinuation<Value, any Error>?
    private var timeout: Scheduled<Void>?

    private init(_ continuation: CheckedContinuation<Value, any Error>) {
        self.continuation = continuation
    }

    /// Suspends until what `start` sets going calls its argument.
    ///
    /// - Throws: what it is called with, or a `BenchFailure` when `limit` is over.
    static func wait(
        _ what: String, limit: TimeAmount, on eventLoop: any EventLoop, isolation: isolated (any Actor)? = #isolation,
        _ start: (@escaping (Result<Value, BenchFailure>) -> Void) -> Void
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let pending = Pending(continuation)
            pending.timeout = eventLoop.assumeIsolated().scheduleTask(in: limit) {
                pending.finish(.failure(BenchFailure("\(what) took longer than \(limit.nanoseconds / 1_000_000) ms")))
            }
            start { pending.finish($0) }
        }
    }

    private func finish(_ result: Result<Value, BenchFailure>) {
        timeout?.cancel()
        timeout = nil
        continuation?.resume(with: result)
        continuation = nil
    }
}
