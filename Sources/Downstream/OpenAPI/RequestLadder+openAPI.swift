internal import GatewayCore
internal import NIOHTTP1

// The last rungs for the OpenAPI side: token, method, and what a call's body claims to be.

extension RequestLadder {
    /// Lets a request in. Documents need the token as well: they tell what servers can do.
    func admit(
        _ wanted: OpenAPITarget, at route: Route?, _ head: HTTPRequestHead, _ fields: RequestFields, from peer: Peer,
        _ target: RequestTarget, _ memory: HostMemory
    ) throws(EarlyAnswer) -> AdmittedRequest {
        guard let settings = openAPI else { throw EarlyAnswer(response: .notFound) }
        let key = OpenAPIKey(fields.authorization)
        let names = wanted.route.isEmpty && head.method != .POST ? names(for: key) : []
        let visit: Visit?
        if let route {
            guard let principal = route.access.principal(presenting: key.authorization) else {
                throw EarlyAnswer(response: key.refusal)
            }
            visit = Visit(
                route: route, principal: Self.local(principal, from: peer, fields), fields: fields,
                forwarded: try forwardedHeaders(head, to: route))
        } else {
            // At the root there is something even where no tools are.
            guard wanted.route.isEmpty else { throw EarlyAnswer(response: .notFound) }
            guard head.method == .POST || !names.isEmpty else { throw EarlyAnswer(response: key.refusal) }
            visit = nil
        }
        let wish = try wish(wanted, head, fields, target)
        let prefix = publicPrefix(target, memory)
        let root = settings.place == .below ? "\(prefix)/\(OpenAPITarget.root)" : prefix
        let path = wanted.route.isEmpty ? root : "\(root)/\(PercentEncoding.path(wanted.route))"
        return .openAPI(
            OpenAPIRequest(wish: wish, visit: visit, path: path, root: root, names: names, settings: settings))
    }

    private func wish(
        _ wanted: OpenAPITarget, _ head: HTTPRequestHead, _ fields: RequestFields, _ target: RequestTarget
    ) throws(EarlyAnswer) -> OpenAPIRequest.Wish {
        let isReadable = wanted.isDocument || wanted.isPage
        switch head.method {
        case .GET where isReadable, .HEAD where isReadable:
            return wanted.isDocument ? .document : .page
        case .POST where !wanted.leaf.isEmpty:
            // Who sends nothing need not say what it is.
            let isEmpty = fields.contentLength == .absent || fields.contentLength == .value("0")
            if fields.contentType != .absent || !isEmpty { try checkBody(fields) }
            let isRaw =
                ["1", "true"].contains(target.queryValue(["raw"]))
                || fields.accept?.contains(ToolAnswer.rawType) == true
            return .call(tool: wanted.leaf, isRaw: isRaw)
        default:
            throw EarlyAnswer(response: .methodNotAllowed(isReadable ? "GET, HEAD" : "POST"))
        }
    }
}
