internal import GatewayLog
internal import Logging
internal import NIOCore

// What a client costs at most: in time and, together with all others, in memory.

extension ConnectionHandler: BufferHolder {
    var heldBytes: Int {
        guard context != nil, !hasGivenUp else { return 0 }
        let queuedBytes = if case .streaming(let stream) = state { stream.queuedBytes } else { 0 }
        return traffic.undecodedBytes + (body?.readableBytes ?? 0) + gatheredBytes + queuedBytes + unsentBytes
    }

    /// What was written and the socket has not taken.
    private var unsentBytes: Int {
        // It throws if the channel is closed already.
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Has the budget count what waits here, after anything that may have changed it.
    func settle() {
        // Nearly always nothing waits, and so nothing needs to be measured. What a socket has left below its mark is
        // counted when the connection is looked at in its turn.
        let isEmpty = body == nil && traffic.undecodedBytes == 0 && context?.channel.isWritable ?? true
        if !isEmpty || countedBytes > 0 { front.budget.update(self) }
    }

    /// Counts what of the answer to a request waits elsewhere.
    func hold(_ bytes: Int, for number: UInt64) {
        guard awaitsAnswer(to: number) else { return }
        gatheredBytes = bytes
        front.budget.update(self)
    }

    func giveUp() {
        hasGivenUp = true
        if case .streaming(let stream) = state { stream.outletIsGone() }
        state = .closing
        body = nil
        abort()
    }

    /// Ends the connection if its client takes too long to send or to read. Called now and then.
    func expire(_ now: NIODeadline) {
        front.budget.update(self)
        let unsent = unsentBytes
        guard !reading.hasStopped(written: traffic.writtenBytes, unsent: unsent, at: now) else {
            front.logger.log(.clientTooSlow, [.bytes: "\(unsent)"])
            return abort()
        }
        switch state {
        case .idle:
            if unsent > 0 {
                // Its time counts from when it has read the last answer.
                deadline = now + front.idleTimeout
            } else if let began = traffic.requestBegan {
                deadline = began + front.requestTimeout
            }
            if isOverdue(now) { abort() }
        case .receiving:
            if isOverdue(now) { refuseLateRequest() }
        case .discarding:
            if isOverdue(now) { abort() }
        case .closing:
            if unsent == 0, isOverdue(now) { abort() }
        case .answering, .streaming:
            break
        }
    }

    private func isOverdue(_ now: NIODeadline) -> Bool {
        deadline.map { $0 <= now } ?? false
    }
}
