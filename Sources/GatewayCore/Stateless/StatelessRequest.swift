public import JSONRPC
public import MCP
public import Supervision

/// A request of MCP 2026-07-28 that has passed the front's checks. An object, because it is handed on often: a copy of all
/// that it holds costs more than most of what is done with it.
public final class StatelessRequest: Sendable {
    /// As it came.
    public let message: Message
    /// Its method, decoded.
    let method: String
    /// The id in it.
    public let id: RequestID
    /// What it says of itself.
    public let metadata: RequestMetadata
    /// The route that it was sent to.
    public let route: Route
    /// Who sent it.
    public let principal: Principal
    /// What goes along with it if the server is reached over HTTP.
    public let headers: [ForwardedHeader]
    /// Its `Mcp-Param-…` fields: what comes after that, in small letters, and the value; `nil` if it came over stdio,
    /// where there are none.
    public let parameters: [(name: String, value: String)]?

    /// Describes a request.
    public init(
        _ message: Message, method: String, id: RequestID, metadata: RequestMetadata, route: Route,
        principal: Principal,
        headers: [ForwardedHeader], parameters: [(name: String, value: String)]? = []
    ) {
        self.message = message
        self.method = method
        self.id = id
        self.metadata = metadata
        self.route = route
        self.principal = principal
        self.headers = headers
        self.parameters = parameters
    }

    /// The request as it is called inside: what it says of itself goes along in another way, and a server of an earlier
    /// revision could take it amiss.
    var canonical: Message { message.replacing(meta: metadata.rest) }

    /// Who sent it, as it is known wherever he goes.
    var principalKey: PrincipalKey { route.access.key(of: principal) }

    /// The request as if it were made for the first time.
    func plain(_ message: Message) -> StatelessRequest {
        StatelessRequest(
            message, method: method, id: id, metadata: metadata, route: route, principal: principal, headers: headers,
            parameters: parameters)
    }

    /// Who may go on with it, and with what.
    var holder: ParkedCalls.Holder {
        ParkedCalls.Holder(route: route.name, principal: principalKey, request: RequestFingerprint(message))
    }
}
