/// One life of a server that has ended.
public struct PastLife: Sendable, Equatable {
    /// Which one, from 1.
    public let generation: Int
    /// How long ago it ended.
    public let endedAgo: Duration
    /// How long it was ready; `nil` if it never was.
    public let readyFor: Duration?
    /// How it ended.
    public let exit: ExitReport
    /// Whether somebody asked for the end.
    public let wasAskedFor: Bool

    /// One line for people: `life 3 ended 12 s ago, ready for 5 min: exited with status 1`.
    public var description: String {
        let ready = readyFor.map { "ready for \($0.spoken)" } ?? "never ready"
        let cause = wasAskedFor ? "stopped on request" : ExitReport(cause: exit.cause).description
        return "life \(generation) ended \(endedAgo.spoken) ago, \(ready): \(cause)"
    }
}
