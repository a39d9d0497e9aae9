internal import NIOCore
internal import Supervision

/// One life of a server over stdio that is not known yet: its process, or a second one, if the first did not survive
/// being asked what it is (some servers end when anything comes before `initialize`).
actor ProbedConnection: UpstreamConnection {
    private nonisolated let executor: any SerialExecutor
    private let onEvent: @Sendable (UpstreamEvent) -> Void
    private let connect: @Sendable (@escaping @Sendable (UpstreamEvent) -> Void) -> StdioConnection
    private var current: StdioConnection?
    private var isFirst = true
    private var isLeaving = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the first. To be made on the event loop.
    ///
    /// - Parameter connect: opens a connection that reports to the function it is given.
    init(
        on eventLoop: any EventLoop, onEvent: @escaping @Sendable (UpstreamEvent) -> Void,
        connect: @escaping @Sendable (@escaping @Sendable (UpstreamEvent) -> Void) -> StdioConnection
    ) {
        executor = eventLoop.executor
        self.onEvent = onEvent
        self.connect = connect
        assumeIsolated { $0.open() }
    }

    nonisolated func send(_ message: ByteBuffer, context: CallContext) throws(UpstreamSendFailure) {
        guard let current = assumeIsolated({ $0.current }) else { throw .closed }
        try current.send(message, context: context)
    }

    nonisolated func closeInput() {
        leave { $0.closeInput() }
    }

    nonisolated func terminate() {
        leave { $0.terminate() }
    }

    nonisolated func kill() {
        leave { $0.kill() }
    }

    private nonisolated func leave(_ step: @Sendable (StdioConnection) -> Void) {
        assumeIsolated { connection in
            connection.isLeaving = true
            if let current = connection.current { step(current) }
        }
    }

    private func open() {
        let isFirst = isFirst
        current = connect { event in
            self.assumeIsolated { $0.take(event, ofFirst: isFirst) }
        }
    }

    private func take(_ event: UpstreamEvent, ofFirst isOfFirst: Bool) {
        guard case .ended = event, isOfFirst, !isLeaving,
            current?.assumeIsolated({ $0.diedOfQuestion }) == true
        else { return onEvent(event) }
        isFirst = false
        open()
    }
}
