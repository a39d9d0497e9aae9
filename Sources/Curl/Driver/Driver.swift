internal import CCurl
internal import Glibc

/// What the thread of a client does and owns; nothing here is touched by any other thread.
///
/// libcurl says which sockets to watch and when to be called next (libcurl-multi(3), "multi_socket"). Its callbacks only
/// take notes and tell receivers; what changes the set of transfers happens between its calls.
final class Driver {
    /// Handles that are kept for later transfers, at most.
    private static let mostSpareHandles = 64
    /// Idle transfers are not looked for more often than that, in milliseconds.
    private static let idleGrain: Int64 = 20

    private let queue: CommandQueue
    private let watcher: Int32
    private let multi: UnsafeMutableRawPointer
    private var transfers: [ObjectIdentifier: LiveTransfer] = [:]
    private var spareHandles: [EasyHandle] = []
    /// When libcurl wants to be called.
    private var timer: Int64?
    /// When idle transfers are to be looked for.
    private var idleCheck: Int64?
    /// Those whose socket cannot be watched, and why.
    private var unwatched: [(transfer: LiveTransfer, errorNumber: Int32)] = []

    init(queue: CommandQueue, watcher: Int32, multi: UnsafeMutableRawPointer) {
        self.queue = queue
        self.watcher = watcher
        self.multi = multi
        _ = ccurl_multi_set_callbacks(
            multi,
            ccurl_multi_callbacks(
                context: Unmanaged.passUnretained(self).toOpaque(),
                socket: { easy, descriptor, what, context, _ in
                    Driver.at(context).watch(descriptor, for: what, of: easy)
                    return 0
                },
                timer: { _, milliseconds, context in
                    Driver.at(context).setTimer(milliseconds)
                    return 0
                }))
        // Beyond the number of open transfers, or libcurl closes connections of idle origins to make room.
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 8192)
        // One connection for each transfer: in libcurl 7.88 a paused HTTP/2 stream stops all others of its connection.
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING)
    }

    deinit {
        spareHandles = []
        curl_multi_cleanup(multi)
        close(watcher)
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Driver {
        guard let context else { preconditionFailure("libcurl has lost its driver") }
        return Unmanaged<Driver>.fromOpaque(context).takeUnretainedValue()
    }

    /// Works until the queue is closed, and then ends what is left.
    func run() {
        var ready = [ccurl_ready](repeating: ccurl_ready(), count: 256)
        var isClosed = false
        while !isClosed {
            let count = ccurl_wait(watcher, &ready, Int32(ready.count), timeout(at: Monotonic.now()))
            guard count >= 0 else { fatalError("epoll_wait: \(String(cString: strerror(errno)))") }
            var hasCommands = false
            for event in ready.prefix(Int(count)) {
                if event.descriptor == queue.bell {
                    hasCommands = true
                } else {
                    act(on: event.descriptor, event.directions)
                }
            }
            if hasCommands { isClosed = obey() }
            runTimers(at: Monotonic.now())
            collect()
        }
        for transfer in transfers.values { end(transfer, transfer.cancellation) }
    }

    // MARK: Commands

    /// Does what others want. Returns whether it was the last.
    private func obey() -> Bool {
        let (commands, isClosed) = queue.takeAll()
        for command in commands {
            switch command {
            case .start(let order) where isClosed || order.transfer.isCancelled:
                order.onEvent(.end(.cancelled(wasSent: false)))
            case .start(let order): start(order)
            case .cancel(let transfer):
                if let live = transfers[ObjectIdentifier(transfer)] { end(live, live.cancellation) }
            case .resume(let transfer): transfers[ObjectIdentifier(transfer)]?.resume()
            }
        }
        return isClosed
    }

    private func start(_ order: TransferOrder) {
        guard let handle = spareHandles.popLast() ?? EasyHandle() else {
            order.onEvent(.end(TransferFailure(CURLE_OUT_OF_MEMORY, TransferFailure.Circumstances())))
            return
        }
        let now = Monotonic.now()
        let transfer = LiveTransfer(order, handle: handle, now: now)
        transfers[ObjectIdentifier(order.transfer)] = transfer
        begin(transfer, now: now)
        if let idleTimeout = order.request.idleTimeout { checkIdleness(by: now + idleTimeout.milliseconds) }
    }

    /// Gives the transfer to libcurl, for the first time or again.
    private func begin(_ transfer: LiveTransfer, now: Int64) {
        do throws(TransferFailure) {
            try transfer.prepare(now: now)
            let code = curl_multi_add_handle(multi, transfer.handle.pointer)
            guard code == CURLM_OK else {
                throw transfer.failure(.other, String(cString: curl_multi_strerror(code)))
            }
        } catch {
            end(transfer, error)
        }
    }

    private func end(_ transfer: LiveTransfer, _ failure: TransferFailure?) {
        transfers[ObjectIdentifier(transfer.order.transfer)] = nil
        // Does nothing if it is not there.
        curl_multi_remove_handle(multi, transfer.handle.pointer)
        transfer.handle.reset()
        if spareHandles.count < Self.mostSpareHandles { spareHandles.append(transfer.handle) }
        transfer.order.onEvent(.end(failure))
    }

    // MARK: Sockets

    private func act(on socket: Int32, _ directions: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, directions, &running)
    }

    private func watch(_ socket: Int32, for what: Int32, of easy: UnsafeMutableRawPointer?) {
        let error = ccurl_watch(watcher, socket, what)
        // Without a context it is a handle of libcurl's own.
        guard error != 0, let context = ccurl_get_context(easy) else { return }
        unwatched.append((LiveTransfer.at(context), error))
    }

    /// Deals with the transfers that libcurl has ended, or that cannot go on.
    private func collect() {
        var code = CURLE_OK
        while let easy = ccurl_next_ended(multi, &code) {
            let transfer = LiveTransfer.at(ccurl_get_context(easy))
            let now = Monotonic.now()
            switch transfer.conclude(code, now: now) {
            case .end(let failure): end(transfer, failure)
            case .again:
                curl_multi_remove_handle(multi, easy)
                begin(transfer, now: now)
            }
        }
        let broken = unwatched
        unwatched = []
        for (transfer, errorNumber) in broken where transfers[ObjectIdentifier(transfer.order.transfer)] === transfer {
            let reason = String(cString: strerror(errorNumber))
            end(transfer, transfer.failure(.other, "cannot watch the connection: \(reason)"))
        }
    }

    // MARK: Time

    /// libcurl wants to be called after so many milliseconds, or not at all if that is negative.
    private func setTimer(_ milliseconds: Int) {
        // What counts is the end of a millisecond that has begun.
        timer = milliseconds < 0 ? nil : Monotonic.now() + Int64(milliseconds) + (milliseconds > 0 ? 1 : 0)
    }

    private func runTimers(at now: Int64) {
        if let due = timer, due <= now {
            timer = nil
            act(on: CURL_SOCKET_TIMEOUT, 0)
        }
        if let due = idleCheck, due <= now {
            idleCheck = nil
            endIdle(at: now)
        }
    }

    private func endIdle(at now: Int64) {
        for transfer in transfers.values {
            switch transfer.checkIdleness(at: now) {
            case .expired: end(transfer, transfer.idleFailure)
            case .until(let time): checkIdleness(by: max(time, now + Self.idleGrain))
            case nil: break
            }
        }
    }

    private func checkIdleness(by time: Int64) {
        idleCheck = min(idleCheck ?? time, time)
    }

    /// How long may be waited, in milliseconds; -1: for ever.
    private func timeout(at now: Int64) -> Int32 {
        let due = min(timer ?? .max, idleCheck ?? .max)
        return due == .max ? -1 : Int32(clamping: max(due - now, 0))
    }
}
