import JSONRPC
import MCP
import NIOCore
import Supervision
import Synchronization
import TestSupport

/// A server behind an aggregate that the test plays. Everything of `Callee` is called on the event loop.
final class ScriptedMember: Callee {
    /// What the member says, and what it was told.
    struct State {
        var description: ServerDescription?
        var isDown = false
        /// The result for a request, as JSON text; an error if it begins with `error`, nothing at all if `nil`.
        var respond: @Sendable (Message) -> String? = { _ in "{}" }
        var calls: [String] = []
        var events: [String] = []
        var observers: [CallerID: any ServerObserver] = [:]
        var open: [(caller: CallerID, id: RequestID, sink: any CallerSink)] = []
        var waiting: [@Sendable (Result<ServerDescription, Unavailability>) -> Void] = []
    }

    let name: String
    let state: Mutex<State>

    init(_ name: String, capabilities: String? = #"{"tools":{}}"#, lists: [String: String] = [:]) {
        self.name = name
        var state = State()
        state.description = capabilities.map { .fixture(capabilities: $0, instructions: "I am \(name).") }
        self.state = Mutex(state)
        serve(lists)
    }

    /// Answers lists with these results by method, and everything else with its own name and the message.
    func serve(_ lists: [String: String]) {
        let name = name
        state.withLock {
            $0.respond = { message in
                let method = message.methodName ?? ""
                if let list = lists[method] { return list }
                return method.hasSuffix("/list") ? "error" : #"{"from":"\#(name)"}"#
            }
        }
    }

    /// What it was called with, lists aside.
    var calls: [String] { state.withLock { $0.calls }.filter { !$0.contains("/list\"") } }
    var events: [String] { state.withLock { $0.events } }

    /// Who hears of it: the catalogue, and those who have called it.
    func observers(_ body: (any ServerObserver) -> Void) {
        for observer in state.withLock({ Array($0.observers.values) }) { body(observer) }
    }

    func describe(
        for caller: Caller, _ completion: @escaping @Sendable (Result<ServerDescription, Unavailability>) -> Void
    ) {
        let (description, isDown) = state.withLock { ($0.description, $0.isDown) }
        if isDown { return completion(.failure(unavailability)) }
        guard let description else { return state.withLock { $0.waiting.append(completion) } }
        completion(.success(description))
    }

    var unavailability: Unavailability { Unavailability(server: name, phase: "failed", reason: "\(name) is down") }

    func attach(_ observer: any ServerObserver, as caller: Caller) {
        state.withLock { $0.observers[caller.id] = observer }
    }

    func unobserve(_ caller: CallerID) {
        state.withLock { _ = $0.observers.removeValue(forKey: caller) }
    }

    func detach(_ caller: CallerID) {
        let open = state.withLock { state in
            state.observers[caller] = nil
            defer { state.open.removeAll { $0.caller == caller } }
            return state.open.filter { $0.caller == caller }
        }
        for call in open { call.sink.finish(.cancelled(id: call.id)) }
        state.withLock { $0.events.append("detach") }
    }

    func call(_ message: Message, id: RequestID, by caller: Caller, headers: [ForwardedHeader], sink: any CallerSink) {
        let (respond, isDown) = state.withLock { state in
            state.calls.append(String(buffer: message.bytes) + (headers.isEmpty ? "" : " \(headers.map(\.name))"))
            return (state.respond, state.isDown)
        }
        guard !isDown else { return sink.finish(.unavailable(unavailability, id: id)) }
        guard let result = respond(message) else { return state.withLock { $0.open.append((caller.id, id, sink)) } }
        guard result != "error" else {
            return sink.finish(.message(MessageBuilder.error(id: id, code: -32601, message: "no")))
        }
        sink.finish(.message(MessageBuilder.result(id: id, ByteBuffer(string: result))))
    }

    func cancel(_ notification: Message, by caller: CallerID) -> Bool {
        let found = state.withLock { state in
            state.open.firstIndex { $0.caller == caller && $0.id == notification.cancelledRequestID }
                .map { state.open.remove(at: $0) }
        }
        found?.sink.finish(.cancelled(id: found?.id ?? RequestID(0)))
        return found != nil
    }

    func callsInFlight(of caller: CallerID) -> Int {
        state.withLock { $0.open.count { $0.caller == caller } }
    }

    func setLogLevel(_ level: LoggingLevel, of caller: CallerID) {
        state.withLock { $0.events.append("level \(level)") }
    }

    func subscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        state.withLock { $0.events.append("subscribe \(message.paramsURI ?? "")") }
        sink.finish(.message(MessageBuilder.result(id: id, ByteBuffer(string: "{}"))))
    }

    func unsubscribe(_ message: Message, id: RequestID, by caller: Caller, sink: any CallerSink) {
        state.withLock { $0.events.append("unsubscribe \(message.paramsURI ?? "")") }
        sink.finish(.message(MessageBuilder.result(id: id, ByteBuffer(string: "{}"))))
    }

    func answer(_ request: ServerRequestID, with response: Message, by caller: CallerID) -> Bool {
        state.withLock { $0.events.append("answer \(response.result.map { String(buffer: $0) } ?? "error")") }
        return true
    }

    func report(_ progress: Message, on request: ServerRequestID, by caller: CallerID) {
        state.withLock { $0.events.append("progress") }
    }

    func notify(_ notification: Message, by caller: CallerID) {
        state.withLock { $0.events.append("notify \(notification.methodName ?? "")") }
    }
}
