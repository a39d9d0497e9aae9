internal import NIOCore
internal import NIOHTTP1

/// The right to answer one request, once. An answer that comes when the client has gone, or a second one, is dropped.
struct Responder: Sendable {
    private let connection: NIOLoopBound<ConnectionHandler>
    private let number: UInt64

    init(_ connection: ConnectionHandler, number: UInt64, eventLoop: any EventLoop) {
        self.connection = NIOLoopBound(connection, eventLoop: eventLoop)
        self.number = number
    }

    /// Whether somebody still waits for the answer.
    var isAwaited: Bool { connection.value.awaitsAnswer(to: number) }

    /// Counts what of the answer waits in memory for the rest of it, in bytes.
    func hold(_ bytes: Int) {
        connection.value.hold(bytes, for: number)
    }

    /// Calls `onLoss` once if the client goes before it is answered.
    func whenLost(_ onLoss: @escaping () -> Void) {
        if isAwaited { connection.value.onAbandonment = onLoss } else { onLoss() }
    }

    /// Answers at once and completely.
    func respond(_ response: Response) {
        connection.value.answer(response, to: number)
    }

    /// Answers with an event stream. Returns nil when nobody waits for it any more.
    func startEvents(_ headers: [(String, String)] = []) -> EventStream? {
        connection.value.startEvents(headers, to: number)
    }
}
