internal import GatewayCore
internal import Supervision

/// A request whose head has passed the ladder; what remains is its body.
enum AdmittedRequest: Sendable {
    /// One of the gateway's own pages.
    case page(RequestTarget.Page, authorization: String?)
    /// A file of the page for operators.
    case asset(PageAsset)
    /// Something of the admin API.
    indirect case admin(AdminRequest)
    /// `GET /NAME/sse`.
    case legacyStream(Visit, publicPath: String)
    /// `POST /NAME/message`; the session is the query's, if it names one.
    case legacyMessage(Visit, session: String?)
    /// `POST /NAME/mcp`.
    case streamablePost(Visit, accept: AcceptHeader)
    /// `GET /NAME/mcp`.
    case streamableGet(Visit)
    /// `DELETE /NAME/mcp`.
    case streamableDelete(Visit)

    /// The name of the endpoint or page, for the log.
    var label: String {
        switch self {
        case .page(let page, _): page.rawValue
        case .asset: PageAsset.label
        case .admin: RequestTarget.adminLabel
        case .legacyStream: RequestTarget.Endpoint.sse.rawValue
        case .legacyMessage: RequestTarget.Endpoint.message.rawValue
        case .streamablePost, .streamableGet, .streamableDelete: RequestTarget.Endpoint.mcp.rawValue
        }
    }

    /// Whether its body is of any use.
    var hasBody: Bool {
        switch self {
        case .legacyMessage, .streamablePost: true
        case .admin(let request): request.target.hasBody
        case .page, .asset, .legacyStream, .streamableGet, .streamableDelete: false
        }
    }
}

/// Who comes to which route, and what the head says. An object, since it is handed on several times, and a dozen strings
/// would be retained and released each time.
final class Visit: Sendable {
    let route: Route
    let principal: Principal
    let fields: RequestFields
    /// The headers that go along with the calls in its body.
    let forwarded: [ForwardedHeader]

    init(route: Route, principal: Principal, fields: RequestFields, forwarded: [ForwardedHeader]) {
        self.route = route
        self.principal = principal
        self.fields = fields
        self.forwarded = forwarded
    }
}
