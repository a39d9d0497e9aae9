public import MCP

/// A client session as the server it is attached to sees it. Called on the event loop.
public protocol ServerObserver: Sendable {
    /// The lists of this feature may have changed: the server says so, or it was restarted.
    func listChanged(_ feature: Feature)
    /// The server has completed a handshake, the first or a later one.
    func described(_ description: ServerDescription)
}
