public import NIOCore

/// What an MCP server says of itself when a connection to it is opened, kept as the JSON it sent.
public struct ServerDescription: Sendable, Equatable {
    /// The revision it chose, e.g. `2025-06-18`.
    public var protocolVersion: String
    /// Its `capabilities` object, as JSON text.
    public var capabilities: ByteBuffer
    /// Its `serverInfo` object, as JSON text.
    public var serverInfo: ByteBuffer
    /// Its `instructions`, as the JSON text of a string.
    public var instructions: ByteBuffer?

    /// Describes a server.
    public init(
        protocolVersion: String, capabilities: ByteBuffer, serverInfo: ByteBuffer, instructions: ByteBuffer? = nil
    ) {
        self.protocolVersion = protocolVersion
        self.capabilities = capabilities
        self.serverInfo = serverInfo
        self.instructions = instructions
    }
}
