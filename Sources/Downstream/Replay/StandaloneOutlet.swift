internal import GatewayCore
internal import NIOCore

/// The stream that a GET has opened, as a session sees it: as long as this connection carries it.
final class StandaloneOutlet: SessionStream {
    private struct Parts {
        let stream: ResumableStream
        let connection: EventStream
    }

    private let parts: NIOLoopBound<Parts>

    init(_ stream: ResumableStream, _ connection: EventStream, eventLoop: any EventLoop) {
        parts = NIOLoopBound(Parts(stream: stream, connection: connection), eventLoop: eventLoop)
    }

    func deliver(_ message: ByteBuffer) {
        parts.value.stream.send(message)
    }

    func end() {
        parts.value.stream.leave(parts.value.connection)
    }
}
