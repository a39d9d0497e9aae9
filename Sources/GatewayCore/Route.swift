internal import MCP
public import Supervision

/// What clients reach at a path: `/NAME/sse`, `/NAME/message` and `/NAME/mcp`. An object, since it is handed on with
/// every request.
public final class Route: Sendable {
    /// The path between the base path and the endpoint, without slashes at its ends. May have several segments.
    public let name: String
    /// What answers there.
    public let callee: any Callee
    /// The configured server that this is, if it is one: what is said of it is said of the route.
    public let server: InstancePool?
    /// Who may use it.
    public let access: AccessRules
    /// Which of its tools exist for clients; all of them if `nil`.
    public let toolFilter: ToolFilter?
    /// Tools that exist for a trusted principal only.
    public let guardedTools: Set<String>
    /// The names of the headers of a client's request that go along with its calls. None that `ForwardableHeader`
    /// forbids is among them, whoever asked for it.
    public let forwardedHeaders: [String]
    /// Where each request is logged; nowhere if `nil`.
    public let accessLog: AccessLog?
    /// What measures its requests and sessions.
    let meter: (any CallMeter)?

    /// Puts one server behind a path.
    public convenience init(
        name: String, server: InstancePool, access: AccessRules, toolFilter: ToolFilter? = nil,
        guardedTools: Set<String> = [], forwardedHeaders: [String] = [], accessLog: AccessLog? = nil
    ) {
        self.init(
            name: name, callee: server, server: server, access: access, toolFilter: toolFilter,
            guardedTools: guardedTools, forwardedHeaders: forwardedHeaders, accessLog: accessLog)
    }

    /// Puts anything that can be called behind a path.
    public convenience init(
        name: String, callee: any Callee, access: AccessRules, toolFilter: ToolFilter? = nil,
        guardedTools: Set<String> = [], forwardedHeaders: [String] = [], accessLog: AccessLog? = nil
    ) {
        self.init(
            name: name, callee: callee, server: nil, access: access, toolFilter: toolFilter,
            guardedTools: guardedTools, forwardedHeaders: forwardedHeaders, accessLog: accessLog)
    }

    private init(
        name: String, callee: any Callee, server: InstancePool?, access: AccessRules, toolFilter: ToolFilter?,
        guardedTools: Set<String>, forwardedHeaders: [String], accessLog: AccessLog?, meter: (any CallMeter)? = nil
    ) {
        self.name = name
        self.callee = callee
        self.server = server
        self.access = access
        self.toolFilter = toolFilter
        self.guardedTools = guardedTools
        self.forwardedHeaders = forwardedHeaders.filter(ForwardableHeader.isAllowed)
        self.accessLog = accessLog
        self.meter = meter
    }

    /// The same route, measured.
    func measured(by meter: (any CallMeter)?) -> Route {
        Route(
            name: name, callee: callee, server: server, access: access, toolFilter: toolFilter,
            guardedTools: guardedTools, forwardedHeaders: forwardedHeaders, accessLog: accessLog, meter: meter)
    }

    /// What it is called in a sentence.
    var spokenName: String { name.isEmpty ? "the gateway" : "server \"\(name)\"" }

    /// Whether what is told of it depends on who asks.
    var isPersonal: Bool { access.asksForTokens || !guardedTools.isEmpty }

    /// Whether anything is kept from a principal.
    func restrictsTools(for principal: Principal) -> Bool {
        toolFilter != nil || !(guardedTools.isEmpty || principal.isTrusted)
    }

    /// Whether a principal may see and call the tool of this name.
    func admits(_ tool: String, for principal: Principal) -> Bool {
        guard toolFilter?.admits(tool) ?? true else { return false }
        return principal.isTrusted || !guardedTools.contains(tool)
    }
}
