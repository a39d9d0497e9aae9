internal import NIOCore

/// Passes on what comes of the only call of a caller, and detaches it before the answer.
struct DetachingSink: CallerSink {
    private let callee: any Callee
    private let caller: CallerID
    private let next: any CallerSink

    init(_ callee: any Callee, _ caller: CallerID, next: any CallerSink) {
        self.callee = callee
        self.caller = caller
        self.next = next
    }

    func deliver(_ message: ByteBuffer) -> Bool { next.deliver(message) }

    func finish(_ answer: Answer) {
        callee.detach(caller)
        next.finish(answer)
    }
}
