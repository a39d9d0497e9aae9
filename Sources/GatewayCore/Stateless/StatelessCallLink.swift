internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// A call without a session as its server sees it: where what comes of it goes, and who is asked in the course of it.
final class StatelessCallLink: CallerSink, ServerObserver {
    private let call: NIOLoopBound<StatelessCall>

    init(_ call: StatelessCall, on eventLoop: any EventLoop) {
        self.call = NIOLoopBound(call, eventLoop: eventLoop)
    }

    func described(_ result: Result<ServerDescription, Unavailability>) { call.value.described(result) }

    func deliver(_ message: ByteBuffer) -> Bool { call.value.deliver(message) }

    func finish(_ answer: Answer) { call.value.finished(answer) }

    func asked(_ request: ServerRequest) { call.value.asked(request) }

    func withdrawn(_ request: ServerRequestID) { call.value.withdrawn(request) }

    /// What it was told lasts for as long as it does.
    func listChanged(_ feature: Feature) {}
    func described(_ description: ServerDescription) {}
    /// It subscribes to nothing.
    func notified(_ notification: Message) {}
}
