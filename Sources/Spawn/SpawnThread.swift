internal import CSpawn
internal import Glibc

/// What the spawner's thread does and owns; nothing here is touched by any other thread.
struct SpawnThread {
    private struct Watched {
        let group: ProcessGroup
        let killsGroupAtExit: Bool
        let onExit: @Sendable (ExitStatus) -> Void
    }

    private let inbox: SpawnInbox
    private let watcher: Int32
    /// The running children by their pidfd; bounded by what the owner has started.
    private var children: [Int32: Watched] = [:]
    /// Who looks after the guard, if one is wanted.
    private var keeper: GuardKeeper?

    /// Begins the thread. Returns 0 or an errno value.
    static func begin(inbox: SpawnInbox, keeper: GuardKeeper?) -> Int32 {
        let watcher = cspawn_watcher_open()
        guard watcher >= 0 else { return errno }
        let error = cspawn_watcher_add(watcher, inbox.bell)
        guard error == 0 else {
            _ = close(watcher)
            return error
        }
        return begin(Unmanaged.passRetained(Start(inbox: inbox, watcher: watcher, keeper: keeper)))
    }

    private final class Start {
        let inbox: SpawnInbox
        let watcher: Int32
        let keeper: GuardKeeper?

        init(inbox: SpawnInbox, watcher: Int32, keeper: GuardKeeper?) {
            self.inbox = inbox
            self.watcher = watcher
            self.keeper = keeper
        }
    }

    private static func begin(_ start: Unmanaged<Start>) -> Int32 {
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                cspawn_prepare_thread("spawner")
                var body = SpawnThread(inbox: start.inbox, watcher: start.watcher, keeper: start.keeper)
                body.run()
            }, start.toOpaque())
        if error == 0 {
            pthread_detach(thread)
        } else {
            _ = close(start.takeRetainedValue().watcher)
        }
        return error
    }

    private init(inbox: SpawnInbox, watcher: Int32, keeper: GuardKeeper?) {
        self.inbox = inbox
        self.watcher = watcher
        self.keeper = keeper
    }

    private mutating func run() -> Never {
        let watcher = watcher
        var ready = [Int32](repeating: -1, count: 64)
        while true {
            let groups = children.values.lazy.map(\.group.leader)
            keeper?.startIfDue(at: .now, watcher: watcher, groups: groups)
            let count = cspawn_watcher_wait(watcher, &ready, Int32(ready.count), keeper?.timeout(at: .now) ?? -1)
            guard count >= 0 else { fatalError("epoll_wait: \(String(cString: strerror(errno)))") }
            for descriptor in ready.prefix(Int(count)) {
                if descriptor == inbox.bell {
                    inbox.takeAll().forEach { start($0) }
                } else {
                    keeper?.collect(descriptor, at: .now, watcher: watcher)
                    collect(descriptor)
                }
            }
        }
    }

    private mutating func start(_ order: SpawnOrder) {
        do throws(SpawnFailure) {
            let child = try ChildProcess(order.request, guardedBy: keeper?.current)
            let group = ProcessGroup(leader: child.processID)
            let error = cspawn_watcher_add(watcher, child.pidfd)
            guard error == 0 else {
                group.collect(pidfd: child.pidfd, killingRest: true, telling: keeper?.current)
                _ = close(child.pidfd)
                child.pipes.closeParentEnds()
                throw SpawnFailure(.watch, errorNumber: error, doing: "cannot watch the process")
            }
            children[child.pidfd] = Watched(
                group: group, killsGroupAtExit: order.request.killsGroupAtExit, onExit: order.onExit)
            order.onSpawn(
                .success(SpawnedProcess(processID: child.processID, pipes: child.pipes, group: group)))
        } catch {
            order.onSpawn(.failure(error))
        }
    }

    /// A pidfd became readable: its process has ended.
    private mutating func collect(_ pidfd: Int32) {
        guard let child = children[pidfd], let status = ExitStatus(ofEnded: pidfd) else { return }
        children[pidfd] = nil
        child.group.collect(pidfd: pidfd, killingRest: child.killsGroupAtExit, telling: keeper?.current)
        cspawn_watcher_remove(watcher, pidfd)
        _ = close(pidfd)
        child.onExit(status)
    }
}
