internal import JSONRPC
internal import MCP
internal import Supervision

extension StatelessRequest {
    /// Lets the request in to a server: it must offer the method's feature, and the route the tool.
    ///
    /// - Returns: the sink through which the answer goes, so that nothing is in it that the route withholds.
    func admission(
        to description: ServerDescription, into sink: any CallerSink
    ) -> Result<any CallerSink, ModernError> {
        let feature = Feature(method: method)
        guard !isRemoved(feature) else {
            return .failure(
                ModernError(.methodNotFound, "\(method) is not part of MCP \(metadata.protocolVersion)"))
        }
        if let feature, !description.features.contains(feature) {
            return .failure(ModernError(.methodNotFound, "\(route.spokenName) does not offer \(feature.rawValue)"))
        }
        var sink = sink
        if let meter = route.meter { sink = meter.following(message, into: sink) }
        if let log = route.accessLog { sink = log.following(message, session: "none", into: sink) }
        guard route.restrictsTools(for: principal) else { return .success(sink) }
        let (route, principal) = (route, principal)
        switch method {
        case "tools/call":
            let name = message.paramsName ?? ""
            guard route.admits(name, for: principal) else {
                return .failure(ModernError(.invalidParams, "Unknown tool: \(name)"))
            }
        case "tools/list":
            sink = ToolListSink(admits: { route.admits($0, for: principal) }, next: sink)
        default:
            break
        }
        return .success(sink)
    }

    /// What is wrong with its `Mcp-Param-…` fields, for a tool whose schema asks for these; nothing where there are no
    /// header fields at all.
    func mismatch(with headers: ParameterHeaders) -> ModernError? {
        guard let parameters else { return nil }
        let arguments = message.params.flatMap { JSONOutline.members(of: $0) }?.last { $0.key == "arguments" }?.value
        return headers.mismatch(of: parameters, with: arguments)
            .map { ModernError(.headerMismatch, "Header mismatch: \($0)") }
    }

    /// Whether it is what earlier revisions had, or what the gateway does not carry between clients and a shared server.
    private func isRemoved(_ feature: Feature?) -> Bool {
        switch feature {
        case .tools, .prompts, .completions: false
        case .resources: method == "resources/subscribe" || method == "resources/unsubscribe"
        case .logging: method == "logging/setLevel"
        case nil:
            switch method {
            case "initialize", "ping", "tasks/get", "tasks/result", "tasks/list", "tasks/cancel", "tasks/update": true
            default: false
            }
        }
    }
}
