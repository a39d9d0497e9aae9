import NIOCore
import Supervision
import Synchronization

/// A `CallerSink` that counts how often it is finished.
final class CountingSink: CallerSink {
    private let count = Mutex(0)
    private let firstEnd: AsyncStream<Answer>
    private let continuation: AsyncStream<Answer>.Continuation

    init() {
        (firstEnd, continuation) = AsyncStream.makeStream()
    }

    var ends: Int { count.withLock { $0 } }

    func deliver(_ message: ByteBuffer) -> Bool { true }

    func finish(_ answer: Answer) {
        count.withLock { $0 += 1 }
        continuation.yield(answer)
    }

    /// Waits for the first end.
    func end() async -> Answer? {
        await firstEnd.first { _ in true }
    }
}
