internal import CSpawn
internal import Glibc
internal import Synchronization

/// A process group, as long as its number is certainly ours: until its leader has been collected.
///
/// Signalling and collecting exclude each other. A number is free for reuse only after the collection, so a signal
/// sent under the lock while `isCollected` is false reaches the right group even if the leader is a zombie by then.
final class ProcessGroup: Sendable {
    /// The number of the leader, and so of the group.
    let leader: pid_t
    private let isCollected = Mutex(false)

    init(leader: pid_t) {
        self.leader = leader
    }

    /// Sends a signal to all of the group; false if nobody is left.
    func signal(_ signal: Int32) -> Bool {
        isCollected.withLock { isCollected in !isCollected && kill(-leader, signal) == 0 }
    }

    /// Collects the leader, a zombie, after killing what it left behind, if that is wanted. What is left alone then is
    /// none of the guard's business any more either: nobody can say when its number belongs to others.
    func collect(pidfd: Int32, killingRest: Bool, telling guardian: Guard?) {
        isCollected.withLock { isCollected in
            if killingRest { _ = kill(-leader, SIGKILL) }
            guardian?.tellGone(leader)
            cspawn_reap(pidfd)
            isCollected = true
        }
    }
}
