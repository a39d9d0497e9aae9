/// Whom one instance of a server serves.
public enum InstanceRole: Sendable, Hashable {
    /// Everybody.
    case shared
    /// All clients of one principal.
    case principal(PrincipalKey)
    /// One caller alone: whatever the server says is for it.
    case session(CallerID)
    /// One call after the other of clients without sessions: whoever asks for input borrows it, of several by number.
    case loan(Int)
}
