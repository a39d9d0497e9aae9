internal import GatewayCore
internal import NIOCore

/// An event stream as a session sees it.
final class SessionOutlet: SessionStream {
    private struct Parts {
        let stream: EventStream
        let onEnd: () -> Void
    }

    private let parts: NIOLoopBound<Parts>

    /// - Parameter onEnd: called when the session ends the stream. It must not call the session or the gateway, which
    ///   are at work on this.
    init(_ stream: EventStream, eventLoop: any EventLoop, onEnd: @escaping () -> Void = {}) {
        parts = NIOLoopBound(Parts(stream: stream, onEnd: onEnd), eventLoop: eventLoop)
    }

    func deliver(_ message: ByteBuffer) {
        parts.value.stream.send(EventFraming.message(message))
    }

    func end() {
        let parts = parts.value
        parts.onEnd()
        parts.stream.end()
    }
}
