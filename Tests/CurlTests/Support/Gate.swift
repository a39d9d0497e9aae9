import Glibc
import Synchronization

/// Keeps threads waiting until it is opened.
final class Gate: Sendable {
    private let isOpen = Atomic(false)

    /// Blocks the thread, not a task.
    func wait() {
        while !isOpen.load(ordering: .acquiring) { usleep(1000) }
    }

    func open() {
        isOpen.store(true, ordering: .releasing)
    }
}
