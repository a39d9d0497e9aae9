internal import CSpawn
internal import Glibc

/// Sees to it that a guard runs. Belongs to the spawner's thread.
struct GuardKeeper {
    /// The guard; `nil` while there is none.
    private(set) var current: Guard?

    private let program: GuardProgram
    private let onNews: @Sendable (GuardNews) -> Void
    private var pause = GuardPause()
    private var started: ContinuousClock.Instant
    /// When the next one is to be started, while there is none.
    private var due: ContinuousClock.Instant

    /// The first guard is due at once.
    init(_ program: GuardProgram, now: ContinuousClock.Instant, onNews: @escaping @Sendable (GuardNews) -> Void) {
        self.program = program
        self.onNews = onNews
        started = now
        due = now
    }

    /// How long may be waited before `startIfDue` has something to do, in milliseconds; -1: for ever.
    func timeout(at now: ContinuousClock.Instant) -> Int32 {
        guard current == nil else { return -1 }
        let (seconds, attoseconds) = max(now.duration(to: due), .zero).components
        // Rounded up, so that it is due after the wait.
        return Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    /// Starts a guard if there is none and it is time, and tells it about all groups there are.
    mutating func startIfDue(at now: ContinuousClock.Instant, watcher: Int32, groups: some Sequence<pid_t>) {
        guard current == nil, now >= due else { return }
        started = now
        do throws(SpawnFailure) {
            let new = try Guard(program)
            let error = cspawn_watcher_add(watcher, new.pidfd)
            guard error == 0 else {
                cspawn_kill(new.pidfd)
                cspawn_reap(new.pidfd)
                new.closeDescriptors()
                throw SpawnFailure(.watch, errorNumber: error, doing: "cannot watch the process")
            }
            groups.forEach { new.tellBegan($0) }
            current = new
            onNews(.started(processID: new.processID))
        } catch {
            due = now + pause.next(afterLife: .zero)
            onNews(.cannotStart(error))
        }
    }

    /// Collects the guard if it is the process of this descriptor and has ended.
    mutating func collect(_ pidfd: Int32, at now: ContinuousClock.Instant, watcher: Int32) {
        guard let old = current, old.pidfd == pidfd, let status = ExitStatus(ofEnded: pidfd) else { return }
        cspawn_reap(pidfd)
        cspawn_watcher_remove(watcher, pidfd)
        old.closeDescriptors()
        current = nil
        due = now + pause.next(afterLife: started.duration(to: now))
        onNews(.ended(status))
    }
}
