/// Why no session was opened.
public enum SessionRefusal: Error, Sendable, Equatable {
    /// So many are open already; clients should end theirs with DELETE, or wait.
    case tooManySessions(limit: Int)
    /// The gateway is shutting down.
    case stopping
}
