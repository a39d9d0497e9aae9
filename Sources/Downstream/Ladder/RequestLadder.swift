internal import GatewayCore
internal import NIOHTTP1
internal import Supervision

/// The checks that every request passes, in this order, before its body is read: path, host, origin, preflight,
/// token, method, accepted answers, type and size of the body.
///
/// The order is that of the questions "does this exist", "may this page ask", "may this person ask", "can this be
/// asked"; conformance suites and SDKs depend on it.
struct RequestLadder: Sendable {
    private let gateway: Gateway
    private let hosts: HostRule
    private let origins: OriginRule
    private let publicAddress: PublicAddress?
    private let bodyLimit: Int
    private let adminDoor: AdminDoor?
    private let servesServers: Bool
    let openAPI: OpenAPISettings?

    init(gateway: Gateway, hosts: HostRule, origins: OriginRule, settings: FrontSettings) {
        self.gateway = gateway
        self.hosts = hosts
        self.origins = origins
        publicAddress = settings.publicAddress
        bodyLimit = settings.bodyLimit
        adminDoor = settings.admin
        servesServers = settings.servesServers
        openAPI = settings.openAPI
    }

    /// What became of a request's head.
    struct Admission {
        /// The origin whose page may read the answer.
        var allowedOrigin: String?
        /// The route it asked for, if there is one.
        var route: Route?
        /// What it asked for, in one word.
        var label = "unknown"
        /// Whether it has sent the admin API a token that this does not know.
        var hasUnknownAdminToken = false
        /// The request, or the answer that it gets at once.
        var outcome: Result<AdmittedRequest, EarlyAnswer>
    }

    /// An answer given before the body is read.
    struct EarlyAnswer: Error {
        let response: Response
    }

    /// Lets a request in, or says how it is answered at once. Runs on the event loop.
    ///
    /// - Parameter memory: what the ladder remembers from the connection's last request.
    func climb(
        _ head: HTTPRequestHead, _ fields: RequestFields, from peer: Peer, memory: inout HostMemory
    ) -> Admission {
        var admission = Admission(outcome: .failure(EarlyAnswer(response: .notFound)))
        let prefix = publicAddress?.path ?? ""
        guard let target = RequestTarget(head.uri, prefix: prefix, openAPI: openAPI?.place) else {
            admission.outcome = .failure(EarlyAnswer(response: .malformedTarget))
            return admission
        }
        memory.look(at: target.authority.map(String.init) ?? fields.host.single, hosts, localAddress: peer.localAddress)
        // Answers carry the CORS fields even where a refusal comes first, or the page would not learn of it.
        if let origin = fields.origin.single, origins.allows(origin, knownHost: memory.knownHost) {
            admission.allowedOrigin = origin
        }
        do throws(EarlyAnswer) {
            admission.outcome = .success(try climb(head, fields, target, peer, memory, &admission))
        } catch {
            admission.outcome = .failure(target.isOpenAPI ? EarlyAnswer(response: error.response.asDetail) : error)
        }
        return admission
    }

    private func climb(
        _ head: HTTPRequestHead, _ fields: RequestFields, _ target: RequestTarget, _ peer: Peer,
        _ memory: HostMemory, _ admission: inout Admission
    ) throws(EarlyAnswer) -> AdmittedRequest {
        switch target.destination {
        case .unknown:
            throw EarlyAnswer(response: .notFound)
        case .page(let page):
            admission.label = page.rawValue
            try checkSource(head, fields, memory, admission)
            return try admit(page, head.method, fields)
        case .asset(let asset):
            guard hasPage else { throw EarlyAnswer(response: .notFound) }
            admission.label = PageAsset.label
            try checkSource(head, fields, memory, admission)
            try checkReading(head.method)
            return .asset(asset)
        case .admin(let admin):
            guard let adminDoor else { throw EarlyAnswer(response: .notFound) }
            admission.label = RequestTarget.adminLabel
            // Whatever runs on some port of this machine may call tools, but not see secrets of its operator's.
            if let origin = fields.origin.single,
                !origins.allows(origin, knownHost: memory.knownHost, trustsLoopback: false)
            {
                admission.allowedOrigin = nil
            }
            try checkSource(head, fields, memory, admission)
            let isLocal = peer.isOnThisMachine && !fields.isForwarded
            if let refusal = adminDoor.refusal(of: admin, fields.authorization, isLocal: isLocal, isOpen: isOpen) {
                admission.hasUnknownAdminToken = adminDoor.asksForTokens && fields.authorization != .absent
                throw EarlyAnswer(response: refusal)
            }
            return try admit(admin, through: adminDoor, head.method, fields, target)
        case .openAPI(let wanted):
            admission.label = OpenAPITarget.label
            admission.route = gateway.assumeIsolated { $0.route(named: wanted.route) }
            try checkSource(head, fields, memory, admission)
            return try admit(wanted, at: admission.route, head, fields, from: peer, target, memory)
        case .server(let name, let endpoint):
            guard servesServers else { throw EarlyAnswer(response: .notFound) }
            guard let route = gateway.route(named: name) else {
                throw EarlyAnswer(response: .notFound)
            }
            admission.route = route
            admission.label = endpoint.rawValue
            try checkSource(head, fields, memory, admission)
            guard fields.authorization != .repeated,
                let principal = route.access.principal(presenting: fields.authorization.single)
            else { throw EarlyAnswer(response: .unauthorized) }
            let visit = Visit(
                route: route, principal: Self.local(principal, from: peer, fields), fields: fields,
                forwarded: endpoint == .sse ? [] : try forwardedHeaders(head, to: route))
            return try admit(visit, to: endpoint, head.method, target, memory)
        }
    }

    /// Host, origin and preflight.
    private func checkSource(
        _ head: HTTPRequestHead, _ fields: RequestFields, _ memory: HostMemory, _ admission: Admission
    ) throws(EarlyAnswer) {
        switch memory.verdict {
        case .known, .anyAllowed: break
        case .refused: throw EarlyAnswer(response: .misdirected(memory.authority?.host ?? ""))
        case nil:
            // HTTP/1.0 knew no Host, and no browser speaks it.
            let isExcused = head.version == .http1_0 && fields.host == .absent
            guard isExcused else { throw EarlyAnswer(response: .malformedHost) }
        }
        guard fields.origin != .absent else { return }
        guard admission.allowedOrigin != nil else {
            throw EarlyAnswer(response: .foreignOrigin(fields.origin.single ?? ""))
        }
        if head.method == .OPTIONS, fields.requestedMethod != nil {
            throw EarlyAnswer(
                response: CrossOriginAccess.preflight(fields, forwarded: admission.route?.forwardedHeaders ?? []))
        }
    }

    /// What of the head goes along with the calls in the body: for most routes nothing.
    func forwardedHeaders(_ head: HTTPRequestHead, to route: Route) throws(EarlyAnswer) -> [ForwardedHeader] {
        guard !route.forwardedHeaders.isEmpty, head.method == .POST else { return [] }
        guard let headers = HeaderForwarding.collect(route.forwardedHeaders, from: head.headers) else {
            throw EarlyAnswer(response: .tooMuchToForward)
        }
        return headers
    }

    private func admit(
        _ page: RequestTarget.Page, _ method: HTTPMethod, _ fields: RequestFields
    ) throws(EarlyAnswer) -> AdmittedRequest {
        // Clients look there for OAuth metadata. Anything but a plain 404 makes them start a login that cannot work.
        guard page != .wellKnown else { throw EarlyAnswer(response: .notFound) }
        try checkReading(method)
        if page == .summary, hasPage, fields.accept?.contains("text/html") == true { return .asset(.document) }
        return .page(page, authorization: fields.authorization.single)
    }

    private func checkReading(_ method: HTTPMethod) throws(EarlyAnswer) {
        guard method == .GET || method == .HEAD else { throw EarlyAnswer(response: .methodNotAllowed("GET, HEAD")) }
    }

    private var hasPage: Bool { adminDoor?.hasPage ?? false }

    /// Whether nobody needs a token for any server.
    private var isOpen: Bool {
        gateway.assumeIsolated { gateway in
            gateway.routeNames.allSatisfy { gateway.route(named: $0)?.access.isOpen ?? true }
        }
    }

    private func admit(
        _ admin: AdminTarget, through door: AdminDoor, _ method: HTTPMethod, _ fields: RequestFields,
        _ target: RequestTarget
    ) throws(EarlyAnswer) -> AdmittedRequest {
        guard admin != .unknown else { throw EarlyAnswer(response: .noSuchResource) }
        guard method == admin.method else { throw EarlyAnswer(response: .methodNotAllowed(admin.method.rawValue)) }
        if admin.hasBody { try checkBody(fields) }
        return .admin(AdminRequest(door, admin, query: target.query, accept: fields.accept))
    }

    private func admit(
        _ visit: Visit, to endpoint: RequestTarget.Endpoint, _ method: HTTPMethod, _ target: RequestTarget,
        _ memory: HostMemory
    ) throws(EarlyAnswer) -> AdmittedRequest {
        switch endpoint {
        case .sse:
            guard method == .GET else { throw EarlyAnswer(response: .methodNotAllowed("GET")) }
            guard AcceptHeader(visit.fields.accept).eventStream else {
                throw EarlyAnswer(response: .notAcceptable("accept text/event-stream"))
            }
            return .legacyStream(visit, publicPath: publicPath(of: visit.route, target, memory))
        case .message:
            guard method == .POST else { throw EarlyAnswer(response: .methodNotAllowed("POST")) }
            try checkBody(visit.fields)
            return .legacyMessage(visit, session: target.queryValue(["sessionId", "session_id"]))
        case .mcp:
            switch method {
            case .POST:
                let accept = AcceptHeader(visit.fields.accept)
                guard accept.json || accept.eventStream else {
                    throw EarlyAnswer(response: .notAcceptable("accept application/json and text/event-stream"))
                }
                try checkBody(visit.fields)
                return .streamablePost(visit, accept: accept)
            case .GET where Era.isStateless(visit.fields), .DELETE where Era.isStateless(visit.fields):
                // Earlier revisions have all three here; whoever speaks this one must not be told to try them.
                throw EarlyAnswer(response: .methodNotAllowed("POST"))
            case .GET:
                // Unlike a POST, a GET without Accept is no MCP client's: the header is required (MCP "Listening").
                guard let accept = visit.fields.accept, AcceptHeader(accept).eventStream else {
                    throw EarlyAnswer(response: .notAcceptable("accept text/event-stream"))
                }
                return .streamableGet(visit)
            case .DELETE:
                return .streamableDelete(visit)
            default:
                throw EarlyAnswer(response: .methodNotAllowed("GET, POST, DELETE"))
            }
        }
    }

    /// Who somebody without a token is.
    static func local(_ principal: Principal, from peer: Peer, _ fields: RequestFields) -> Principal {
        principal == .anonymous && peer.isOnThisMachine && !fields.isForwarded ? .local : principal
    }

    func checkBody(_ fields: RequestFields) throws(EarlyAnswer) {
        // A page can POST any other type without a preflight, that is without being allowed to.
        guard let type = fields.contentType.single, MediaType.isJSON(type) else {
            throw EarlyAnswer(response: .unsupportedMediaType)
        }
        if let length = fields.contentLength.single, Int(length) ?? .max > bodyLimit {
            throw EarlyAnswer(response: .tooLarge(limit: bodyLimit))
        }
    }

    /// The path under which this client reaches the route.
    private func publicPath(of route: Route, _ target: RequestTarget, _ memory: HostMemory) -> String {
        let prefix = publicPrefix(target, memory)
        return route.name.isEmpty ? prefix : "\(prefix)/\(PercentEncoding.path(route.name))"
    }

    /// What this client has before every path. A proxy may have taken the public prefix off; it is then seen by the
    /// public name.
    func publicPrefix(_ target: RequestTarget, _ memory: HostMemory) -> String {
        guard let publicAddress else { return "" }
        let isPublic = target.isPrefixed || memory.authority.map(publicAddress.origin.isSame) == true
        return isPublic ? publicAddress.path : ""
    }

    /// The names of the routes, but for those of several servers, that a client may use.
    func names(for key: OpenAPIKey) -> [String] {
        gateway.assumeIsolated { gateway in
            gateway.routeNames.filter { name in
                gateway.route(named: name)?.access.principal(presenting: key.authorization) != nil
            }
        }
    }
}
