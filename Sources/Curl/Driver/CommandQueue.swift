internal import CCurl
internal import Glibc
internal import Synchronization

/// What other threads want of the driver, in order. As long as what callers start: it has no bound of its own.
final class CommandQueue: Sendable {
    enum Command: Sendable {
        case start(TransferOrder)
        case cancel(HTTPTransfer)
        case resume(HTTPTransfer)
    }

    private struct State {
        var commands: [Command] = []
        var isClosed = false
    }

    /// Readable when there is something to take.
    let bell: Int32
    private let state = Mutex(State())

    init() throws(HTTPClientFailure) {
        bell = ccurl_bell_open()
        guard bell >= 0 else { throw HTTPClientFailure("eventfd", errorNumber: errno) }
    }

    /// Everybody who could ring has let go.
    deinit {
        Glibc.close(bell)
    }

    /// Returns false, and forgets the command, if nobody will take it any more.
    @discardableResult func push(_ command: Command) -> Bool {
        let (isTaken, isFirst) = state.withLock { state in
            if state.isClosed { return (false, false) }
            state.commands.append(command)
            return (true, state.commands.count == 1)
        }
        // Many commands, one system call.
        if isFirst { ccurl_bell_ring(bell) }
        return isTaken
    }

    /// Takes no more commands. Those that are in it are still to be taken.
    func close() {
        state.withLock { $0.isClosed = true }
        ccurl_bell_ring(bell)
    }

    /// Takes all commands. If the queue is closed, they are the last ones.
    func takeAll() -> (commands: [Command], isClosed: Bool) {
        ccurl_bell_quiet(bell)
        return state.withLock { state in
            let commands = state.commands
            state.commands = []
            return (commands, state.isClosed)
        }
    }
}

/// A transfer to be started.
struct TransferOrder: Sendable {
    let transfer: HTTPTransfer
    let request: HTTPRequest
    let onEvent: @Sendable (TransferEvent) -> Void
}
