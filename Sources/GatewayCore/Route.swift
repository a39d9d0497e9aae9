internal import MCP
public import Supervision

/// One server as clients reach it: `/NAME/sse`, `/NAME/message` and `/NAME/mcp`.
public struct Route: Sendable {
    /// The path between the base path and the endpoint, without slashes at its ends. May have several segments.
    public let name: String
    /// The server behind it.
    public let server: ManagedServer
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

    /// Puts `server` behind a path.
    public init(
        name: String, server: ManagedServer, access: AccessRules, toolFilter: ToolFilter? = nil,
        guardedTools: Set<String> = [], forwardedHeaders: [String] = [], accessLog: AccessLog? = nil
    ) {
        self.name = name
        self.server = server
        self.access = access
        self.toolFilter = toolFilter
        self.guardedTools = guardedTools
        self.forwardedHeaders = forwardedHeaders.filter(ForwardableHeader.isAllowed)
        self.accessLog = accessLog
    }

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
