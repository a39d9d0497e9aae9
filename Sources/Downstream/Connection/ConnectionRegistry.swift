internal import NIOCore

/// The open connections of one front: it bounds their number, ends those that take too long, and at the end all of
/// them. Lives on the event loop.
final class ConnectionRegistry {
    private let eventLoop: any EventLoop
    private let limit: Int
    private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
    private var sweeper: RepeatedTask?
    private var emptied: EventLoopPromise<Void>?

    /// Whether connections are closed after the answer they wait for.
    private(set) var isDraining = false

    init(eventLoop: any EventLoop, settings: FrontSettings) {
        self.eventLoop = eventLoop
        limit = settings.connectionLimit
        let shortest = min(
            settings.idleTimeout, settings.requestTimeout, settings.writeTimeout, settings.discardTimeout)
        let interval = TimeAmount(shortest / 4)
        let registry = NIOLoopBound(Weak(self), eventLoop: eventLoop)
        sweeper = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { task in
            guard let registry = registry.value.object else { return task.cancel() }
            registry.sweep()
        }
    }

    /// A reference that does not keep its object; values that are bound to a loop cannot be weak themselves.
    private struct Weak {
        weak var object: ConnectionRegistry?
        init(_ object: ConnectionRegistry) { self.object = object }
    }

    var isFull: Bool { connections.count >= limit }

    func add(_ connection: ConnectionHandler) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: ConnectionHandler) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { emptied?.succeed(()) }
    }

    /// Ends every stream and every idle connection, and the others after the answers that are due on them.
    ///
    /// - Parameters:
    ///   - grace: how long a request that has begun may take; one that has not come completely by then is refused.
    ///   - lastAnswers: how long after that the answers to the others may take; then all are closed.
    func drain(grace: TimeAmount, lastAnswers: TimeAmount) -> EventLoopFuture<Void> {
        let promise = emptied ?? eventLoop.makePromise()
        emptied = promise
        isDraining = true
        for connection in Array(connections.values) { connection.drain() }
        guard !connections.isEmpty else {
            sweeper?.cancel()
            promise.succeed(())
            return promise.futureResult
        }
        let refuse = eventLoop.assumeIsolated().scheduleTask(in: grace) {
            for connection in Array(self.connections.values) { connection.refuseUnfinishedRequest() }
        }
        let force = eventLoop.assumeIsolated().scheduleTask(in: grace + lastAnswers) {
            for connection in Array(self.connections.values) { connection.abort() }
        }
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.sweeper?.cancel()
            refuse.cancel()
            force.cancel()
        }
        return promise.futureResult
    }

    private func sweep() {
        let now = NIODeadline.now()
        for connection in Array(connections.values) { connection.expire(now) }
    }
}
