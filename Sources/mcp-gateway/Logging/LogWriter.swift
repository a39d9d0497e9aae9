internal import Dispatch
internal import Synchronization

/// Writes log lines to stderr from a thread of its own, so that a reader of the log who stops reading never stops the
/// gateway. At most 4096 lines wait; later ones are dropped, and it says how many.
final class LogWriter: Sendable {
    private static let capacity = 4096

    private let queue = DispatchQueue(label: "log")
    private let waiting = Atomic(0)
    private let dropped = Atomic(0)

    /// Hands over one line, newline included.
    func write(_ line: String) {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.capacity else {
            waiting.subtract(1, ordering: .relaxed)
            dropped.add(1, ordering: .relaxed)
            return
        }
        queue.async { [self] in
            let missing = dropped.exchange(0, ordering: .relaxed)
            if missing > 0 { StandardError.write("\(missing) log lines dropped: stderr was not read in time\n") }
            StandardError.write(line)
            waiting.subtract(1, ordering: .relaxed)
        }
    }

    /// Returns when everything handed over before is written, or when nobody has read it for so long.
    func flush(atMost patience: DispatchTimeInterval = .seconds(1)) {
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + patience)
    }
}
