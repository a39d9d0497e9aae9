internal import NIOCore

/// Calls made as fast as their answers come, over a number of sessions, for a while. Lives on the event loop.
final class CallRun {
    /// What was measured.
    struct Figures: Sendable {
        /// From each call to its answer, in nanoseconds, in no order.
        var latencies: [UInt32] = []
        var elapsed: UInt64 = 0
        /// What the server used, in nanoseconds of CPU time.
        var cpu: UInt64 = 0
    }

    private let payload: Payload
    private let window: Int
    private let readCPU: () -> UInt64
    private let done: (Result<Figures, BenchFailure>) -> Void
    private var idle: CircularBuffer<(index: Int, session: any Session)>
    private var inFlight = 0
    private var made = 0
    private var isMeasuring = false
    private var hasEnded = false
    private var figures = Figures()
    private var start: UInt64 = 0
    private var measuredFrom: UInt64 = 0
    private var measuredUntil: UInt64 = 0
    private var cpuAtStart: UInt64 = 0

    /// - Parameters:
    ///   - window: how many calls are in flight at once; every session has its turn.
    ///   - readCPU: what the server has used so far, in nanoseconds.
    init(
        _ sessions: [any Session], payload: Payload, window: Int, readCPU: @escaping () -> UInt64,
        done: @escaping (Result<Figures, BenchFailure>) -> Void
    ) {
        idle = CircularBuffer(sessions.enumerated().map { (index: $0.offset, session: $0.element) })
        self.payload = payload
        self.window = window
        self.readCPU = readCPU
        self.done = done
    }

    func begin(warmUp: TimeAmount, measured: TimeAmount) {
        start = Self.now
        measuredFrom = start + UInt64(warmUp.nanoseconds)
        measuredUntil = measuredFrom + UInt64(measured.nanoseconds)
        while inFlight < window, !idle.isEmpty { callNext() }
    }

    private static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

    private func callNext() {
        guard let next = idle.popFirst() else { return }
        let (request, answer) = payload.call(session: next.index, number: made)
        made += 1
        inFlight += 1
        let sent = Self.now
        next.session.exchange(request, awaiting: answer) { result in
            switch result {
            case .success: self.answered(next, sent)
            case .failure(let failure): self.fail(failure)
            }
        }
    }

    private func answered(_ by: (index: Int, session: any Session), _ sent: UInt64) {
        let now = Self.now
        inFlight -= 1
        idle.append(by)
        guard !hasEnded else { return finishIfQuiet() }
        if isMeasuring {
            figures.latencies.append(UInt32(clamping: now - sent))
            // With many in flight answers come in waves; a few waves are needed for a mean.
            if now >= measuredUntil, figures.latencies.count >= 3 * window {
                figures.elapsed = now - measuredFrom
                figures.cpu = readCPU() - cpuAtStart
                hasEnded = true
                return finishIfQuiet()
            }
        } else if now >= measuredFrom {
            isMeasuring = true
            cpuAtStart = readCPU()
            measuredFrom = Self.now
        }
        callNext()
    }

    /// Every call that was made is checked, also those that are not measured.
    private func finishIfQuiet() {
        if inFlight == 0 { done(.success(figures)) }
    }

    private func fail(_ failure: BenchFailure) {
        hasEnded = true
        inFlight = -1
        done(.failure(failure))
    }
}
