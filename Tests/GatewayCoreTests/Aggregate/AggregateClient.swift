import JSONRPC
import MCP
import NIOCore
import Supervision
import Synchronization
import TestSupport

/// One caller of an aggregate, which keeps what it is told.
final class AggregateClient: ServerObserver {
    let callee: any Callee
    let caller: Caller
    let description = Mutex<ServerDescription?>(nil)
    private let eventLoop: any EventLoop
    private let heard: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    let questions = Mutex<[ServerRequest]>([])

    init(callee: any Callee, caller: Caller, eventLoop: any EventLoop) {
        self.callee = callee
        self.caller = caller
        self.eventLoop = eventLoop
        (heard, continuation) = AsyncStream.makeStream()
    }

    /// Makes a call and returns where its answer will arrive.
    func send(_ method: String, _ params: String = "{}", id: Int = 1, headers: [ForwardedHeader] = []) -> CollectingSink
    {
        let sink = CollectingSink()
        let line = ByteBuffer(string: #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"#)
        eventLoop.execute { [callee, caller] in
            guard let message = try? Message(line) else { return }
            switch method {
            case "resources/subscribe": callee.subscribe(message, id: RequestID(id), by: caller, sink: sink)
            case "resources/unsubscribe": callee.unsubscribe(message, id: RequestID(id), by: caller, sink: sink)
            default: callee.call(message, id: RequestID(id), by: caller, headers: headers, sink: sink)
            }
        }
        return sink
    }

    /// Makes a call and returns the text of its answer.
    func ask(_ method: String, _ params: String = "{}", headers: [ForwardedHeader] = []) async -> String {
        await send(method, params, headers: headers).nextText()
    }

    /// The names, or whatever else stands at `key`, of a list.
    func list(_ method: String, _ key: String = "name") async -> [String] {
        let message = try? Message(ByteBuffer(string: await ask(method)))
        let members = message?.result.flatMap { JSONOutline.members(of: $0) } ?? []
        let elements = members.first.flatMap { JSONOutline.elements(of: $0.value) } ?? []
        return elements.compactMap { element in
            JSONOutline.members(of: element)?.first { $0.key == key }.flatMap { JSONOutline.string($0.value) }
        }
    }

    /// Does something on the event loop.
    func onLoop(_ body: @escaping @Sendable () -> Void) async throws {
        try await eventLoop.submit(body).get()
    }

    /// Waits for the next thing that it is told.
    func next() async -> String? { await heard.first { _ in true } }

    func listChanged(_ feature: Feature) { continuation.yield("changed \(feature)") }
    func described(_ description: ServerDescription) { continuation.yield("described") }
    func notified(_ notification: Message) { continuation.yield(String(buffer: notification.bytes)) }
    func withdrawn(_ request: ServerRequestID) { continuation.yield("withdrawn") }
    func asked(_ request: ServerRequest) {
        questions.withLock { $0.append(request) }
        continuation.yield(String(buffer: request.message.bytes))
    }
}
