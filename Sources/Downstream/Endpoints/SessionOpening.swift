internal import GatewayCore
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// The `initialize` of a streamable HTTP client. Its answer waits for the server, because the head of the response holds
/// the session's id, and a status that tells whether there is one.
struct SessionOpening: CallerSink {
    let session: ClientSession
    let gateway: Gateway
    let replays: NIOLoopBound<ReplayStore>
    let responder: Responder
    let accept: AcceptHeader
    let retryAfter: Duration

    /// Nothing comes before the answer that a client without a session could make use of.
    func deliver(_ message: ByteBuffer) -> Bool { false }

    func finish(_ answer: Answer) {
        if case .unavailable(let unavailability, let id) = answer {
            closeSoon()
            // Never a 4xx, from which clients would conclude that this is no MCP server.
            var response = Response.json(.serviceUnavailable, unavailability.message(for: id))
                .with("retry-after", Response.seconds(unavailability.retryAfter ?? retryAfter))
            response.isAnswer = true
            return responder.respond(response)
        }
        // Without its id nobody can use the session.
        let isOpen = session.assumeIsolated { $0.revision != nil } && responder.isAwaited
        let headers = isOpen ? [("mcp-session-id", session.id)] : []
        if !isOpen { closeSoon() }
        guard !accept.json else {
            var response = Response.json(.ok, answer.message)
            response.headers += headers
            return responder.respond(response)
        }
        guard let connection = responder.startEvents(headers) else { return }
        guard isOpen else {
            // Nobody can come back to it.
            connection.send(EventFraming.message(answer.message))
            return connection.end()
        }
        let stream = replays.value.streams(of: session).open(answersDue: 1)
        stream.connect(connection)
        stream.answer(answer.message)
    }

    /// Later, because the session is at work on its answer.
    private func closeSoon() {
        gateway.eventLoop.execute { gateway.assumeIsolated { $0.close(session) } }
    }
}
