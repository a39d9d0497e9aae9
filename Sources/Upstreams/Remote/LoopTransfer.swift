internal import Curl
internal import NIOCore

/// A transfer whose events come on the event loop, and none after it was cancelled. Used on the event loop only.
///
/// A server that sends faster than it is read must not keep the loop from everybody else: what was read is
/// acknowledged later, after at least as long a pause as the reading took, and until then no more than the window comes.
final class LoopTransfer {
    /// How many bytes may come before a pause. The time to read them is how long all others may wait.
    static let window = 64 << 10
    /// What is acknowledged together. A short answer needs no acknowledgement at all.
    private static let portion = window / 4
    private static let shortestPause = TimeAmount.milliseconds(1)

    private let eventLoop: any EventLoop
    private var transfer: HTTPTransfer?
    private var onEvent: ((TransferEvent) -> Void)?
    private var unacknowledged = 0
    private var timeSpent = TimeAmount.zero
    private var pause: Scheduled<Void>?

    /// Starts at once; nothing is reported before this has returned.
    init(
        _ request: HTTPRequest, with client: HTTPClient, on eventLoop: any EventLoop,
        onEvent: @escaping (TransferEvent) -> Void
    ) {
        self.eventLoop = eventLoop
        self.onEvent = onEvent
        let receiver = NIOLoopBound(self, eventLoop: eventLoop)
        transfer = client.start(request) { event in
            eventLoop.execute { receiver.value.receive(event) }
        }
    }

    /// Ends it; its receiver hears nothing more.
    func cancel() {
        onEvent = nil
        transfer?.cancel()
        drop()
    }

    private func receive(_ event: TransferEvent) {
        guard let onEvent else { return }
        switch event {
        case .head:
            onEvent(event)
        case .body(let bytes):
            let start = NIODeadline.now()
            onEvent(event)
            timeSpent = timeSpent + (.now() - start)
            unacknowledged += bytes.readableBytes
            scheduleAcknowledgement()
        case .end:
            self.onEvent = nil
            drop()
            onEvent(event)
        }
    }

    private func scheduleAcknowledgement() {
        guard pause == nil, transfer != nil, unacknowledged >= Self.portion else { return }
        pause = eventLoop.assumeIsolated().scheduleTask(in: max(timeSpent, Self.shortestPause)) { [weak self] in
            self?.acknowledge()
        }
    }

    private func acknowledge() {
        pause = nil
        transfer?.consumed(unacknowledged)
        unacknowledged = 0
        timeSpent = .zero
    }

    private func drop() {
        transfer = nil
        pause?.cancel()
        pause = nil
    }
}
