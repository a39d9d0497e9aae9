internal import NIOCore

/// Which sessions are those of operators' requests, and who waits for the last of them.
struct OperatorSessions {
    private var open: Set<String> = []
    private var waiting: [EventLoopPromise<Void>] = []

    /// An operator's request has begun.
    mutating func add(_ session: String) {
        open.insert(session)
    }

    /// A session is over, perhaps one of these.
    mutating func remove(_ session: String) {
        guard open.remove(session) != nil, open.isEmpty else { return }
        for promise in waiting { promise.succeed() }
        waiting = []
    }

    /// Succeeds when there are none.
    mutating func whenEmpty(_ promise: EventLoopPromise<Void>) {
        if open.isEmpty { promise.succeed() } else { waiting.append(promise) }
    }
}
