public import JSONRPC
public import MCP
public import Supervision

/// A request of MCP 2026-07-28 that has passed the front's checks.
public struct StatelessRequest: Sendable {
    /// As it came.
    public let message: Message
    /// Its method.
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
    /// Its `Mcp-Param-…` fields: what comes after that, in small letters, and the value.
    public let parameters: [(name: String, value: String)]

    /// Describes a request.
    public init(
        _ message: Message, id: RequestID, metadata: RequestMetadata, route: Route, principal: Principal,
        headers: [ForwardedHeader], parameters: [(name: String, value: String)] = []
    ) {
        self.message = message
        method = message.methodName ?? ""
        self.id = id
        self.metadata = metadata
        self.route = route
        self.principal = principal
        self.headers = headers
        self.parameters = parameters
    }

    /// The request as it is called inside: what it says of itself goes along in another way, and a server of an earlier
    /// revision could take it amiss.
    var canonical: Message {
        guard let range = message.envelope.paramsMeta else { return message }
        return (try? Message(message.replacing((range, metadata.rest)))) ?? message
    }

    /// Who sent it, as it is known wherever he goes.
    var principalKey: PrincipalKey { route.access.key(of: principal) }

    /// The request as if it were made for the first time.
    func plain(_ message: Message) -> StatelessRequest {
        StatelessRequest(
            message, id: id, metadata: metadata, route: route, principal: principal, headers: headers,
            parameters: parameters)
    }

    /// Who may go on with it, and with what.
    var holder: ParkedCalls.Holder {
        ParkedCalls.Holder(route: route.name, principal: principalKey, request: RequestFingerprint(message))
    }
}
