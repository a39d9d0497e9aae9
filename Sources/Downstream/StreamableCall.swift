internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// One request over streamable HTTP and the answer it gets: JSON if the answer comes soon and first, else an event
/// stream, if the client takes one.
///
/// That the client goes away is no cancellation (MCP "Sending Messages to the Server"): the call goes on, and what comes
/// of it is dropped.
final class StreamableCall: Deferred {
    private enum State {
        /// Nothing has been sent.
        case waiting
        case streaming(EventStream)
        case over
    }

    private let responder: Responder
    private let accept: AcceptHeader
    private var state = State.waiting
    /// Set while it stands in the line of those whose answer can still take either form.
    private var place: (line: DeferralLine, ticket: DeferralLine.Ticket)?

    init(responder: Responder, accept: AcceptHeader) {
        self.responder = responder
        self.accept = accept
    }

    /// Has the answer become a stream when the time of those in `line` is over, unless it is given before.
    func wait(in line: DeferralLine) {
        guard case .waiting = state else { return }
        place = (line, line.add(self))
    }

    func sink(on eventLoop: any EventLoop) -> any CallerSink {
        Sink(call: NIOLoopBound(self, eventLoop: eventLoop))
    }

    func deferralEnded() {
        if accept.eventStream { startEvents() }
    }

    private func deliver(_ message: ByteBuffer) {
        // A client that takes JSON only has no place for it.
        if accept.eventStream { startEvents() }
        if case .streaming(let stream) = state { stream.send(EventFraming.message(message)) }
    }

    private func finish(_ answer: Answer) {
        if let place { place.line.leave(place.ticket) }
        place = nil
        if case .waiting = state, accept.json {
            state = .over
            return responder.respond(.json(.ok, answer.message))
        }
        startEvents()
        guard case .streaming(let stream) = state else { return }
        state = .over
        stream.send(EventFraming.message(answer.message))
        stream.end()
    }

    private func startEvents() {
        guard case .waiting = state else { return }
        guard let stream = responder.startEvents() else { return state = .over }
        stream.endsByItself = true
        state = .streaming(stream)
    }

    private struct Sink: CallerSink {
        let call: NIOLoopBound<StreamableCall>

        func deliver(_ message: ByteBuffer) { call.value.deliver(message) }

        func finish(_ answer: Answer) { call.value.finish(answer) }
    }
}
