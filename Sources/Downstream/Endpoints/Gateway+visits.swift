internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1

extension Gateway {
    /// Opens a session for a visitor. Must be called on the event loop.
    nonisolated func open(_ visit: Visit) -> Result<ClientSession, SessionRefusal> {
        assumeIsolated { gateway in
            do throws(SessionRefusal) {
                return .success(try gateway.openSession(on: visit.route, principal: visit.principal))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The visitor's session of this id. Must be called on the event loop.
    nonisolated func session(_ id: String, for visit: Visit) -> ClientSession? {
        session(id, on: visit.route, principal: visit.principal)
    }
}

extension Response {
    /// The answer to a notification, a response, or a message whose answer comes elsewhere.
    static let accepted = text(.accepted, "Accepted")

    /// The answer for a session that is over, was never opened, or is somebody else's: the client must initialize anew.
    static func unknownSession(_ id: RequestID?) -> Response {
        rpcRefusal(.notFound, .invalidRequest, "Session not found: initialize a new one", id: id)
    }

    /// The answer when no session can be opened.
    static func refusal(_ refusal: SessionRefusal, retryAfter: Duration) -> Response {
        let response: Response =
            switch refusal {
            case .tooManySessions(let limit):
                .refusal(
                    .serviceUnavailable, "\(limit) sessions are open already",
                    hint: "close some with DELETE, or raise the limit of sessions under \"limits\" in the configuration"
                )
            case .stopping:
                .refusal(.serviceUnavailable, "the gateway is stopping", hint: "try again when it is back")
            }
        return response.with("retry-after", seconds(retryAfter))
    }

    /// A duration as `Retry-After` has it: whole seconds, rounded up, at least one.
    static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return String(max(1, seconds + (attoseconds > 0 ? 1 : 0)))
    }
}
