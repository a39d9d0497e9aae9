internal import GatewayCore
internal import GatewayMetrics
internal import JSONRPC
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// The gateway's own pages: what it is, whether it lives, whether it is ready, how every server stands.
struct Pages: Sendable {
    private let gateway: Gateway
    private let settings: FrontSettings

    init(gateway: Gateway, settings: FrontSettings) {
        self.gateway = gateway
        self.settings = settings
    }

    /// Runs on the event loop.
    func response(to page: RequestTarget.Page, authorization: String?) -> Response {
        switch page {
        case .summary: summary()
        case .livez: .json(.ok, JSONText.object([("status", "live".quoted)]))
        case .readyz: readiness()
        case .healthz: health(isDetailed: mayKnow(authorization))
        case .metrics: metrics(isAllowed: mayKnow(authorization) || settings.admin?.isOperator(authorization) == true)
        case .wellKnown: .notFound
        }
    }

    private var routes: [Route] {
        gateway.assumeIsolated { gateway in gateway.routeNames.compactMap { gateway.route(named: $0) } }
    }

    private var status: GatewayStatus {
        gateway.assumeIsolated { $0.status() }
    }

    /// Names are shown only where nobody has set a token: they may be secrets themselves (`fetch/SECRET`).
    private func summary() -> Response {
        var members: [(key: String, value: ByteBuffer)] = [("name", settings.serverName.quoted)]
        if !settings.serverVersion.isEmpty { members.append(("version", settings.serverVersion.quoted)) }
        members.append(("endpoints", JSONText.array(["/NAME/mcp".quoted, "/NAME/sse".quoted])))
        let routes = routes
        if routes.allSatisfy(\.access.isOpen) {
            members.append(("servers", JSONText.array(routes.map(\.name.quoted))))
        }
        return .json(.ok, JSONText.object(members))
    }

    private func readiness() -> Response {
        let missing = status.missing.map(\.name.quoted)
        guard !missing.isEmpty else { return .json(.ok, JSONText.object([("status", "ready".quoted)])) }
        let body = JSONText.object([("status", "not ready".quoted), ("unhealthy", JSONText.array(missing))])
        return .json(.serviceUnavailable, body).with("retry-after", Response.seconds(settings.retryAfter))
    }

    private func health(isDetailed: Bool) -> Response {
        let status = status
        let isReady = status.missing.isEmpty
        var members: [(key: String, value: ByteBuffer)] = [("status", (isReady ? "ready" : "not ready").quoted)]
        if isDetailed {
            members.append(("summary", status.line.quoted))
            members.append(("sessions", ByteBuffer(string: String(status.sessions))))
            members.append(("servers", JSONText.array(status.servers.map(\.json))))
        }
        return .json(.ok, JSONText.object(members))
    }

    private func metrics(isAllowed: Bool) -> Response {
        guard let metrics = settings.metrics else { return .notFound }
        guard isAllowed else { return .unauthorized }
        return Response(status: .ok, headers: [("content-type", Exposition.mediaType)], body: metrics())
    }

    /// Whether the bearer of this header may know how the servers stand: he can use one of them, or everybody can.
    private func mayKnow(_ authorization: String?) -> Bool {
        let guarded = routes.filter { !$0.access.isOpen }
        return guarded.isEmpty || guarded.contains { $0.access.principal(presenting: authorization) != nil }
    }
}

extension String {
    /// As the JSON text of a string.
    fileprivate var quoted: ByteBuffer { JSONText.quotedBuffer(self) }
}
