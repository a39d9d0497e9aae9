internal import Dispatch
internal import Logging
internal import Synchronization

/// Hands entries to a sink on a thread of its own, so that a reader of the log who stops reading never stops the
/// gateway. At most `capacity` entries wait; later ones are dropped, and an entry says how many.
public final class LogQueue: Sendable {
    /// How many entries may wait.
    public static let capacity = 4096

    private let sink: any LogSink
    private let queue = DispatchQueue(label: "log")
    private let waiting = Atomic(0)
    private let dropped = Atomic(0)

    /// A queue before `sink`.
    public init(_ sink: any LogSink) {
        self.sink = sink
    }

    /// Takes one entry, from any thread.
    public func add(_ record: LogRecord) {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.capacity else {
            waiting.subtract(1, ordering: .relaxed)
            dropped.add(1, ordering: .relaxed)
            return
        }
        queue.async { [self] in
            let missing = dropped.exchange(0, ordering: .relaxed)
            if missing > 0 { sink.write(LogRecord(.logDropped, [.count: "\(missing)"])) }
            sink.write(record)
            waiting.subtract(1, ordering: .relaxed)
        }
    }

    /// Returns when everything taken before is written, or when nobody has read it for so many seconds.
    public func flush(atMost seconds: Int = 1) {
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + .seconds(seconds))
    }
}
