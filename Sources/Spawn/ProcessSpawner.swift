internal import CSpawn
internal import Glibc
internal import Synchronization

/// Starts programs and reports their ends, on one thread of its own.
///
/// The thread never ends, and that is the point: a child asks to be killed when its parent dies, and what the kernel
/// takes for the parent is the *thread* that started it (PR_SET_PDEATHSIG, prctl(2)). A thread of a pool that goes
/// away takes its children with it. Starting also suspends the thread until the child executes its program, which
/// would hold up an event loop for about a millisecond. So make one spawner per program; it cannot be got rid of.
public final class ProcessSpawner: Sendable {
    /// How many requests may wait; `spawn` throws beyond.
    public static let queueLimit = 1024

    private let inbox: SpawnInbox

    /// Starts the thread, and the guard before anything else.
    ///
    /// - Parameters:
    ///   - guardProgram: what to run as the guard; without one, only the started processes themselves are certain to
    ///     die with this program, not what they forked.
    ///   - onGuardNews: called on the spawner's thread with what happens to the guard; must return at once.
    /// - Throws: `SpawnFailure` if the system refuses the thread or its two descriptors. That no guard can be started
    ///   is news, not an error.
    public init(
        guardedBy guardProgram: GuardProgram? = nil, onGuardNews: @escaping @Sendable (GuardNews) -> Void = { _ in }
    ) throws(SpawnFailure) {
        cspawn_keep_zombies()
        inbox = try SpawnInbox()
        let keeper = guardProgram.map { GuardKeeper($0, now: .now, onNews: onGuardNews) }
        let error = SpawnThread.begin(inbox: inbox, keeper: keeper)
        guard error == 0 else {
            throw SpawnFailure(.spawner, errorNumber: error, doing: "cannot start the thread that starts programs")
        }
    }

    /// Starts a program.
    ///
    /// Both closures are called on the spawner's thread and must return at once. `onExit` comes after `onSpawn`, and
    /// only if that brought a process. When it comes, the process has been collected, and the rest of its group
    /// killed if the request says so; what it wrote may still be in the pipes.
    ///
    /// - Parameters:
    ///   - onSpawn: called once: the process, whose descriptors are the callee's to close, or why there is none.
    ///   - onExit: called once, with how the process ended.
    /// - Throws: `SpawnFailure` if `queueLimit` requests wait already; neither closure is called then.
    public func spawn(
        _ request: SpawnRequest,
        onSpawn: @escaping @Sendable (Result<SpawnedProcess, SpawnFailure>) -> Void,
        onExit: @escaping @Sendable (ExitStatus) -> Void
    ) throws(SpawnFailure) {
        let order = SpawnOrder(request: request, onSpawn: onSpawn, onExit: onExit)
        guard inbox.put(order, limit: Self.queueLimit) else { throw .queueFull(Self.queueLimit) }
    }
}

/// A request, and whom to tell about it.
struct SpawnOrder: Sendable {
    let request: SpawnRequest
    let onSpawn: @Sendable (Result<SpawnedProcess, SpawnFailure>) -> Void
    let onExit: @Sendable (ExitStatus) -> Void
}

/// Where requests wait for the thread, with the bell that wakes it.
final class SpawnInbox: Sendable {
    /// Readable while requests wait.
    let bell: Int32
    private let orders = Mutex<[SpawnOrder]>([])

    init() throws(SpawnFailure) {
        bell = cspawn_bell_open()
        guard bell >= 0 else {
            throw SpawnFailure(.spawner, errorNumber: errno, doing: "cannot open an eventfd")
        }
    }

    deinit {
        _ = close(bell)
    }

    /// Adds a request, unless `limit` are there already.
    func put(_ order: SpawnOrder, limit: Int) -> Bool {
        let isTaken = orders.withLock { orders in
            guard orders.count < limit else { return false }
            orders.append(order)
            return true
        }
        if isTaken { cspawn_bell_ring(bell) }
        return isTaken
    }

    /// Takes all requests.
    func takeAll() -> [SpawnOrder] {
        cspawn_bell_quiet(bell)
        return orders.withLock { orders in
            defer { orders = [] }
            return orders
        }
    }
}
