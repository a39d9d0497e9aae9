/// A file of another program that names MCP servers.
public enum ImportFormat: String, Sendable, CaseIterable {
    /// Claude Desktop and Claude Code, and all who took over their `mcpServers`.
    case claude
    /// VS Code: `servers` and `inputs`, in a file of their own or below `mcp` in the settings.
    case vscode
    /// mcpo.
    case mcpo
    /// TBXark/mcp-proxy, either format, and the named servers of sparfenyuk/mcp-proxy.
    case mcpProxy = "mcp-proxy"

    /// How texts in its values refer to variables.
    var variables: ForeignText.Variables {
        switch self {
        case .claude: .braces
        case .vscode: .editor
        case .mcpo, .mcpProxy: .none
        }
    }
}
