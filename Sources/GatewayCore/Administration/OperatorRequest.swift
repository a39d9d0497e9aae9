internal import JSONRPC
internal import MCP
public import NIOCore
public import Supervision

/// A request that the gateway makes of a server for its operator, in a session of its own on the server's route: filters,
/// limits and the log are those of every client.
///
/// Lives on the event loop. `done` is called once, on a later turn of it.
public final class OperatorRequest: Sendable {
    /// What the server answered.
    public enum Outcome: Sendable {
        /// A result, as JSON text.
        case result(ByteBuffer)
        /// A JSON-RPC error object, as JSON text.
        case error(ByteBuffer)
        /// The server cannot be called now, and has not got the request.
        case unavailable(Unavailability)
        /// The server had got the request, and its answer will not come; in words. It may have done what it was asked.
        case lost(String)
        /// No session could be opened, or its answer cannot be understood; in words.
        case impossible(String)
    }

    private let gateway: Gateway
    private let session: ClientSession?
    private let eventLoop: any EventLoop

    /// Sends a request to the server of a route.
    ///
    /// - Parameter params: a JSON object.
    public static func send(
        _ method: String, params: ByteBuffer? = nil, to route: Route, of gateway: Gateway,
        _ done: @escaping @Sendable (Outcome) -> Void
    ) -> OperatorRequest {
        let session: ClientSession
        switch open(on: route, of: gateway) {
        case .success(let opened): session = opened
        case .failure(let refusal):
            let reason =
                switch refusal {
                case .tooManySessions(let limit): "\(limit) sessions are open already (limits.sessions)"
                case .stopping: "the gateway is stopping"
                }
            gateway.eventLoop.execute { done(.impossible(reason)) }
            return OperatorRequest(gateway, nil)
        }
        let request = OperatorRequest(gateway, session)
        request.ask("initialize", params: Self.introduction) { outcome in
            guard case .result = outcome else { return request.finish(outcome, done) }
            request.tell("notifications/initialized")
            request.ask(method, params: params) { request.finish($0, done) }
        }
        return request
    }

    private init(_ gateway: Gateway, _ session: ClientSession?) {
        self.gateway = gateway
        self.session = session
        eventLoop = gateway.eventLoop
    }

    private static func open(on route: Route, of gateway: Gateway) -> Result<ClientSession, SessionRefusal> {
        gateway.assumeIsolated { gateway in
            do throws(SessionRefusal) {
                return .success(try gateway.openOperatorSession(on: route))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Gives up: the server is told that nobody waits any more.
    public func cancel() {
        guard let session else { return }
        gateway.assumeIsolated { $0.close(session) }
    }

    private static let introduction = ByteBuffer(
        string: """
            {"protocolVersion":"\(ProtocolRevision.newestLegacy.rawValue)","capabilities":{},\
            "clientInfo":{"name":"mcp-gateway","version":"1"}}
            """)

    private func ask(_ method: String, params: ByteBuffer?, _ done: @escaping @Sendable (Outcome) -> Void) {
        let id = RequestID(method == "initialize" ? 0 : 1)
        guard let session, let message = try? Message(MessageBuilder.request(id: id, method: method, params: params))
        else { return eventLoop.execute { done(.impossible("the request is no JSON-RPC")) } }
        // Later, because the session is still at work on the answer when it comes.
        let sink = OutcomeSink { [eventLoop] outcome in eventLoop.execute { done(outcome) } }
        session.assumeIsolated { $0.receive(message, sink: sink) }
    }

    private func tell(_ method: String) {
        guard let message = try? Message(MessageBuilder.notification(method: method)) else { return }
        session?.assumeIsolated { $0.receive(message) }
    }

    private func finish(_ outcome: Outcome, _ done: @Sendable (Outcome) -> Void) {
        cancel()
        done(outcome)
    }
}

/// Turns the end of a call into an outcome.
private struct OutcomeSink: CallerSink {
    let done: @Sendable (OperatorRequest.Outcome) -> Void

    func deliver(_ message: ByteBuffer) -> Bool { false }

    func finish(_ answer: Answer) {
        switch answer {
        case .message(let bytes):
            guard let message = try? Message(bytes) else {
                return done(.impossible("the answer is no JSON-RPC message"))
            }
            if let result = message.result {
                done(.result(result))
            } else {
                done(.error(message.error ?? ByteBuffer(string: "{}")))
            }
        case .unavailable(let unavailability, _) where unavailability.wasSent: done(.lost(unavailability.reason))
        case .unavailable(let unavailability, _): done(.unavailable(unavailability))
        // Its session was ended from elsewhere. Perhaps it was still waiting; nobody could rely on that.
        case .cancelled: done(.lost("the call was cancelled before it was answered"))
        }
    }
}
