public import Supervision

/// What an operator can ask of the gateway and do to its servers. Called on the event loop.
public protocol Administration: Sendable {
    /// How every server stands, in the order of the configuration.
    func servers() -> [ServerSnapshot]
    /// How a server's last lives ended, oldest first; `nil` if there is no server of this name.
    func pastLives(of server: String) -> [PastLife]?
    /// The last lines a server wrote to stderr, oldest first; `nil` if there is no server of this name.
    func standardErrorLines(of server: String) -> [String]?
    /// Stops a server if it runs, and starts it with a clean record. Returns whether there is a server of this name.
    func restart(_ server: String) -> Bool
}
