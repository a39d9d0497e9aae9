internal import NIOCore

/// Tells when a client has stopped reading: bytes wait for it, and for too long none of them has left.
struct ReadingWatch {
    /// How long none may leave.
    let patience: TimeAmount
    /// How many bytes had left when it was looked at last.
    private var left = 0
    /// When that was first seen; nil while nothing waits.
    private var since: NIODeadline?

    init(patience: TimeAmount) {
        self.patience = patience
    }

    /// Looks again.
    ///
    /// - Parameters:
    ///   - written: all bytes ever written to the connection.
    ///   - unsent: those of them that wait.
    mutating func hasStopped(written: Int, unsent: Int, at now: NIODeadline) -> Bool {
        guard unsent > 0 else {
            since = nil
            return false
        }
        guard let since, left == written - unsent else {
            left = written - unsent
            self.since = now
            return false
        }
        return now - since >= patience
    }
}
