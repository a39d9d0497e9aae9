/// A tool of a server's that no client is told of, because it must not be used over HTTP as it is declared (MCP
/// 2026-07-28 "Streamable HTTP", custom headers from tool parameters).
public struct HiddenTool: Sendable, Equatable {
    /// What the server calls it.
    public let name: String
    /// What is wrong with it, as a clause.
    public let reason: String

    /// Describes one.
    public init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}
