/// How a bridge came to its end.
public enum BridgeEnd: Sendable, Equatable {
    /// The client has closed its side, or somebody has asked for the end.
    case finished
    /// The server could not be reached, and never was; the reason is a sentence.
    case unreachable(reason: String)
    /// The server asks for credentials, or for others.
    case unauthorized(reason: String)
    /// There is something, but no MCP server that can be spoken to.
    case unusable(reason: String)
    /// The client does not read what it is sent.
    case clientStuck
}
