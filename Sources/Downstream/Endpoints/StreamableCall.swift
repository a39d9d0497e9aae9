internal import GatewayCore
internal import JSONRPC
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// One POST over streamable HTTP and what it gets: JSON if all its answers come soon and first, else an event stream,
/// if the client takes one.
///
/// That the client goes away is no cancellation (MCP "Sending Messages to the Server"): the calls go on. What comes of
/// them is kept if it has become a stream, for the client to ask for, and else dropped, since he has no id to ask with.
final class StreamableCall: Deferred {
    private enum State {
        /// Nothing has been sent.
        case waiting
        case streaming(ResumableStream)
        case over
    }

    /// What a POST has brought.
    enum Content {
        /// One request.
        case single
        /// A batch with so many requests.
        case batch(requests: Int)
    }

    private let session: ClientSession
    private let replays: ReplayStore
    private let responder: Responder
    private let accept: AcceptHeader
    private let isBatch: Bool
    private var state = State.waiting
    /// Set while it stands in the line of those whose answer can still take either form.
    private var place: (line: DeferralLine, ticket: DeferralLine.Ticket)?
    /// Answers of a batch that came before it was clear how they are sent.
    private var gathered: [ByteBuffer] = []
    private var gatheredBytes = 0
    /// How many answers are still to come.
    private var due: Int

    init(
        _ content: Content, of session: ClientSession, replays: ReplayStore, responder: Responder, accept: AcceptHeader
    ) {
        self.session = session
        self.replays = replays
        self.responder = responder
        self.accept = accept
        switch content {
        case .single: (isBatch, due) = (false, 1)
        case .batch(let requests): (isBatch, due) = (true, requests)
        }
    }

    /// Has the answer become a stream when the time of those in `line` is over, unless it is given before.
    func wait(in line: DeferralLine) {
        guard case .waiting = state else { return }
        place = (line, line.add(self))
    }

    /// Where what comes of one of the requests goes.
    func sink(on eventLoop: any EventLoop) -> any CallerSink {
        Sink(NIOLoopBound(self, eventLoop: eventLoop))
    }

    func deferralEnded() {
        if accept.eventStream { startEvents() }
    }

    /// Returns whether there is a place for it: there is none with a client that takes JSON only.
    private func deliver(_ message: ByteBuffer) -> Bool {
        if accept.eventStream { startEvents() }
        guard case .streaming(let stream) = state else { return false }
        stream.send(message)
        return true
    }

    private func finish(_ answer: Answer) {
        if case .waiting = state {
            if due > 1 {
                due -= 1
                return gather(answer.message)
            }
            if accept.json { return respond(answer.message) }
            startEvents()
        }
        guard case .streaming(let stream) = state else { return }
        stream.answer(answer.message)
        // The client may need a while to come back for it.
        session.assumeIsolated { $0.touch() }
        due -= 1
        if due == 0 { state = .over }
    }

    private func gather(_ answer: ByteBuffer) {
        guard responder.isAwaited else { return gathered = [] }
        gathered.append(answer)
        gatheredBytes += answer.readableBytes
        responder.hold(gatheredBytes)
    }

    private func respond(_ last: ByteBuffer) {
        state = .over
        leaveLine()
        responder.respond(.json(.ok, isBatch ? JSONText.array(gathered + [last]) : last))
    }

    private func leaveLine() {
        if let place { place.line.leave(place.ticket) }
        place = nil
    }

    private func startEvents() {
        guard case .waiting = state else { return }
        leaveLine()
        guard let connection = responder.startEvents() else { return state = .over }
        // Those that were gathered are answers, too, and due on the stream until now.
        let stream = replays.streams(of: session).open(answersDue: due + gathered.count)
        stream.connect(connection)
        state = .streaming(stream)
        for answer in gathered { stream.answer(answer) }
        gathered = []
    }

    /// An object, since it is handed on many times.
    private final class Sink: CallerSink {
        let call: NIOLoopBound<StreamableCall>

        init(_ call: NIOLoopBound<StreamableCall>) { self.call = call }

        func deliver(_ message: ByteBuffer) -> Bool { call.value.deliver(message) }

        func finish(_ answer: Answer) { call.value.finish(answer) }
    }
}
