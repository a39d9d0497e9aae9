internal import Curl
internal import NIOCore

/// A transfer whose events come on the event loop, and none after it was cancelled. Used on the event loop only.
final class LoopTransfer {
    private var transfer: HTTPTransfer?
    private var onEvent: ((TransferEvent) -> Void)?

    /// Starts at once; nothing is reported before this has returned.
    init(
        _ request: HTTPRequest, with client: HTTPClient, on eventLoop: any EventLoop,
        onEvent: @escaping (TransferEvent) -> Void
    ) {
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
        transfer = nil
    }

    private func receive(_ event: TransferEvent) {
        guard let onEvent else { return }
        switch event {
        case .head:
            onEvent(event)
        case .body(let bytes):
            onEvent(event)
            transfer?.consumed(bytes.readableBytes)
        case .end:
            self.onEvent = nil
            transfer = nil
            onEvent(event)
        }
    }
}
