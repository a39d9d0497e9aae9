/// A program that speaks MCP and can be set up for the gateway by a snippet.
public enum Client: String, Sendable, CaseIterable {
    case claudeCode = "claude-code"
    case vscode
    case gemini
    case codex
    case cursor
    case windsurf
    case devin
    case zed
    case claudeDesktop = "claude-desktop"
    case openWebUI = "open-webui"
    case libreChat = "librechat"
    case goose

    /// What people call it.
    public var title: String { ClientFacts.of(self).title }
}
