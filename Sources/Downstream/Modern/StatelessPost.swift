internal import GatewayCore
internal import NIOCore
internal import NIOHTTP1

/// One POST of MCP 2026-07-28 and what it gets: JSON if its answer comes soon and first, else an event stream. When the
/// client closes the connection before the end, its call is told.
final class StatelessPost: Deferred, StatelessSink {
    private enum State {
        /// Nothing has been sent.
        case waiting
        case streaming(EventStream)
        case over
    }

    private let responder: Responder
    private let accept: AcceptHeader
    private let retryAfter: Duration
    private var state = State.waiting
    private var exchange: (any StatelessExchange)?
    private var place: (line: DeferralLine, ticket: DeferralLine.Ticket)?

    init(responder: Responder, accept: AcceptHeader, retryAfter: Duration) {
        self.responder = responder
        self.accept = accept
        self.retryAfter = retryAfter
    }

    /// Tells `exchange` when the client goes. The answer becomes a stream when the time of those in `line` is over.
    func follow(_ exchange: any StatelessExchange, in line: DeferralLine) {
        switch state {
        case .over: return
        case .waiting:
            place = (line, line.add(self))
            responder.whenLost { self.lost() }
        case .streaming: break
        }
        self.exchange = exchange
    }

    func deferralEnded() {
        place = nil
        if accept.eventStream { startEvents() }
    }

    func deliver(_ message: ByteBuffer) -> Bool {
        // A client that takes JSON only has no place for it.
        if accept.eventStream { startEvents() }
        guard case .streaming(let stream) = state else { return false }
        stream.send(EventFraming.message(message))
        return true
    }

    func finish(_ answer: StatelessAnswer) {
        if case .waiting = state {
            // Only a response of its own can have a status that tells something.
            if accept.json || answer.status != 200 { return respond(answer) }
            startEvents()
        }
        guard case .streaming(let stream) = state else { return }
        state = .over
        exchange = nil
        stream.send(EventFraming.message(answer.message))
        stream.answerCame()
        stream.end()
    }

    private func respond(_ answer: StatelessAnswer) {
        state = .over
        exchange = nil
        leaveLine()
        var response = Response.json(HTTPResponseStatus(statusCode: answer.status), answer.message)
        response.isAnswer = true
        if answer.status == 503 {
            response = response.with("retry-after", Response.seconds(answer.retryAfter ?? retryAfter))
        }
        responder.respond(response)
    }

    private func startEvents() {
        guard case .waiting = state else { return }
        leaveLine()
        guard let stream = responder.startEvents() else { return lost() }
        stream.expectAnswer()
        stream.onLoss = { [weak self] in self?.lost() }
        state = .streaming(stream)
    }

    private func lost() {
        state = .over
        leaveLine()
        let exchange = exchange
        self.exchange = nil
        exchange?.clientHasGone()
    }

    private func leaveLine() {
        if let place { place.line.leave(place.ticket) }
        place = nil
    }
}
