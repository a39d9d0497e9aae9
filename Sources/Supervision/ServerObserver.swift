public import JSONRPC
public import MCP

/// A client session as the server it is attached to sees it. Called on the event loop.
public protocol ServerObserver: Sendable {
    /// The lists of this feature may have changed: the server says so, or it was restarted.
    func listChanged(_ feature: Feature)
    /// The server has completed a handshake, the first or a later one.
    func described(_ description: ServerDescription)
    /// The server says something that this client may know and that belongs to no call: `notifications/message`,
    /// `notifications/resources/updated` and others. As it came.
    func notified(_ notification: Message)
    /// The server asks something of this client. It is to be answered with `Callee.answer`, soon or late.
    func asked(_ request: ServerRequest)
    /// What was asked needs no answer any more: the server has withdrawn it, its call has ended, or it was open for too
    /// long.
    func withdrawn(_ request: ServerRequestID)
}
