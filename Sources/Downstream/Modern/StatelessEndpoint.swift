internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1

/// MCP 2026-07-28 at `/NAME/mcp`: every POST is a request that says all of itself. No session, no event ids, and the
/// response that the client closes is the call that it cancels.
final class StatelessEndpoint {
    private let desk: StatelessDesk
    private let deferrals: DeferralLine
    private let retryAfter: Duration

    init(_ desk: StatelessDesk, settings: FrontSettings, deferrals: DeferralLine) {
        self.desk = desk
        self.deferrals = deferrals
        retryAfter = settings.retryAfter
    }

    /// Takes one message.
    func post(_ message: Message, _ visit: Visit, accept: AcceptHeader, responder: Responder) {
        // None of this revision's is sent over HTTP; `notifications/cancelled` least of all, since its sender chooses
        // what to cancel.
        guard message.kind != .notification else { return responder.respond(.empty(.accepted)) }
        let method = message.methodName ?? ""
        let metadata: RequestMetadata
        do throws(StatelessLadder.Refusal) {
            metadata = try StatelessLadder.check(message, method, visit.fields)
        } catch {
            return responder.respond(.refusal(error, id: message.id))
        }
        guard let id = message.id else { return responder.respond(.empty(.badRequest)) }
        if method == "subscriptions/listen", !accept.eventStream {
            return responder.respond(.notAcceptable("accept text/event-stream"))
        }
        let request = StatelessRequest(
            message, method: method, id: id, metadata: metadata, route: visit.route, principal: visit.principal,
            headers: visit.forwarded, parameters: visit.fields.parameters)
        let post = StatelessPost(responder: responder, accept: accept, retryAfter: retryAfter)
        if let exchange = desk.take(request, sink: post) { post.follow(exchange, in: deferrals) }
    }
}

extension Response {
    /// The answer to a message that cannot be handled.
    static func refusal(_ refusal: StatelessLadder.Refusal, id: RequestID?) -> Response {
        json(
            .badRequest,
            MessageBuilder.error(id: id, code: refusal.code.rawValue, message: refusal.message, data: refusal.data))
    }
}
