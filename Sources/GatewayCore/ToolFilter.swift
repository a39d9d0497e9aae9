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
    private let names: Set<String>

    /// A filter over the server's own tool names.
    public init(mode: Mode, names: Set<String>) {
        self.mode = mode
        self.names = names
    }

    /// Whether clients may see and call the tool of this name.
    public func admits(_ tool: String) -> Bool {
        switch mode {
        case .allow: names.contains(tool)
        case .block: !names.contains(tool)
        }
    }
}
