// The formats are those of the clients' own documentation in autumn 2026; `docs/clients.md` says what of it was tried.

extension ClientFacts {
    private static let url = Field("url", .url)
    private static let headers = Field("headers", .headers)

    /// What is known of a client.
    static func of(_ client: Client) -> ClientFacts {
        switch client {
        case .claudeCode:
            ClientFacts(
                title: "Claude Code", place: "into .mcp.json in a project, or into ~/.claude.json for all of them",
                syntax: .json, layout: .object("mcpServers"),
                // Without a type it would be taken for a program.
                entry: [Field("type", .constant("http")), url, headers],
                token: .variable(before: "${", after: "}"))
        case .vscode:
            ClientFacts(
                title: "VS Code", place: "into .vscode/mcp.json, or what \"MCP: Open User Configuration\" opens",
                syntax: .json, preamble: [Field("inputs", .inputs)], layout: .object("servers"),
                entry: [Field("type", .constant("http")), url, headers], token: .input)
        case .gemini:
            ClientFacts(
                title: "Gemini CLI", place: "into ~/.gemini/settings.json, or .gemini/settings.json in a project",
                syntax: .json, layout: .object("mcpServers"),
                // "url" would be HTTP+SSE. The time is in milliseconds.
                entry: [Field("httpUrl", .url), headers, Field("timeout", .constant(300_000))],
                token: .variable(before: "${", after: "}"))
        case .codex:
            ClientFacts(
                title: "Codex CLI", place: "into ~/.codex/config.toml", syntax: .toml, layout: .object("mcp_servers"),
                entry: [
                    url, Field("bearer_token_env_var", .tokenVariable), Field("tool_timeout_sec", .constant(300)),
                ],
                token: .variableName)
        case .cursor:
            ClientFacts(
                title: "Cursor", place: "into ~/.cursor/mcp.json, or .cursor/mcp.json in a project", syntax: .json,
                layout: .object("mcpServers"), entry: [url, headers], token: .variable(before: "${env:", after: "}"))
        case .windsurf:
            ClientFacts(
                title: "Windsurf", place: "into ~/.codeium/windsurf/mcp_config.json", syntax: .json,
                layout: .object("mcpServers"), entry: [Field("serverUrl", .url), headers],
                token: .variable(before: "${env:", after: "}"))
        case .devin:
            ClientFacts(
                title: "Devin Desktop", place: "into ~/.config/devin/mcp_config.json", syntax: .json,
                layout: .object("mcpServers"), entry: [url, Field("transport", .constant("http")), headers],
                token: .written)
        case .zed:
            ClientFacts(
                title: "Zed", place: "into settings.json (\"zed: open settings\")", syntax: .json,
                layout: .object("context_servers"), entry: [url, headers], token: .written)
        case .claudeDesktop:
            ClientFacts(
                title: "Claude Desktop",
                place: "into claude_desktop_config.json (Settings, Developer, Edit Config), and start it again",
                syntax: .json, layout: .object("mcpServers"),
                entry: [
                    Field("command", .constant("mcp-gateway")), Field("args", .connectArguments),
                    Field("env", .connectEnvironment),
                ],
                token: .written,
                remarks: [
                    "It speaks stdio only, so mcp-gateway has to be installed on its machine, too; give \"command\" "
                        + "its whole path if it is not found.",
                    "Where mcp-gateway does not run (macOS, Windows), let \"command\" be \"ssh\", and the name of a "
                        + "machine with it and \"mcp-gateway\" the first of \"args\".",
                ])
        case .openWebUI:
            ClientFacts(
                title: "Open WebUI",
                place: "into the environment variable TOOL_SERVER_CONNECTIONS before its first start, or fill in the "
                    + "same under Admin Panel, Settings, Integrations, with the type \"MCP (Streamable HTTP)\"",
                syntax: .json, layout: .list,
                entry: [
                    Field("type", .constant("mcp")), url, Field("path", .constant("")),
                    Field("auth_type", .text(ifToken: "bearer", else: "none")), Field("key", .token),
                    Field("config", .object([Field("enable", .constant(true))])),
                    Field("info", .object([Field("id", .name), Field("name", .name)])),
                ],
                token: .written)
        case .libreChat:
            ClientFacts(
                title: "LibreChat", place: "into librechat.yaml", syntax: .yaml,
                // It calls no private address that is not listed.
                preamble: [Field("mcpSettings", .object([Field("allowedAddresses", .addresses)]))],
                layout: .object("mcpServers"),
                entry: [
                    Field("type", .constant("streamable-http")), url, headers, Field("initTimeout", .constant(30_000)),
                ],
                token: .variable(before: "${", after: "}"))
        case .goose:
            ClientFacts(
                title: "Goose", place: "into ~/.config/goose/config.yaml", syntax: .yaml, layout: .object("extensions"),
                entry: [
                    Field("enabled", .constant(true)), Field("type", .constant("streamable_http")),
                    Field("name", .name), Field("uri", .url), headers, Field("timeout", .constant(300)),
                ],
                token: .written)
        }
    }
}
