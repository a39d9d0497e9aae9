/// What a configuration file says, with every default filled in and every variable expanded.
///
/// The file is TBXark/mcp-proxy's second generation (`mcpProxy`, `mcpServers`) with keys of our own;
/// `docs/configuration.md` lists them all.
public struct Configuration: Sendable, Equatable {
    /// The gateway itself: the keys of `mcpProxy`.
    public var front: FrontConfiguration
    /// The MCP servers, in the order of the file.
    public var servers: [ServerConfiguration]

    /// Describes a configuration.
    public init(front: FrontConfiguration = FrontConfiguration(), servers: [ServerConfiguration] = []) {
        self.front = front
        self.servers = servers
    }
}
