internal import JSONRPC

/// Which of a server's tools clients may see and call (TBXark/mcp-proxy's `toolFilter`).
public struct ToolFilter: Sendable, Equatable {
    /// What the list of names means.
    public enum Mode: Sendable, Equatable {
        /// Only the named tools exist.
        case allow
        /// The named tools do not exist.
        case block
    }

    private let mode: Mode
    private let names: Set<ExactText>

    /// A filter over the server's own tool names.
    public init(mode: Mode, names: some Sequence<String>) {
        self.mode = mode
        self.names = Set(names.map(ExactText.init))
    }

    /// Whether clients may see and call the tool of this name.
    public func admits(_ tool: String) -> Bool {
        switch mode {
        case .allow: names.contains(ExactText(tool))
        case .block: !names.contains(ExactText(tool))
        }
    }
}
