internal import Synchronization

/// Does something when so many others are done.
final class Countdown: Sendable {
    private let rest: Mutex<Int>
    private let action: @Sendable () -> Void

    init(_ count: Int, _ action: @escaping @Sendable () -> Void) {
        rest = Mutex(count)
        self.action = action
    }

    /// One of them is done.
    func step() {
        let isLast = rest.withLock { rest in
            rest -= 1
            return rest == 0
        }
        if isLast { action() }
    }
}
