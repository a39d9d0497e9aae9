/// How the last lives of a server ended, oldest first; the oldest is forgotten for the 21st.
struct DeathTally: Equatable, Sendable {
    /// The end of one life.
    struct Death: Equatable, Sendable {
        /// Which life.
        var generation: Generation
        /// When it ended.
        var at: Duration
        /// How long it was ready; `nil` if it never was.
        var readyFor: Duration?
        /// What ended it, and its last words.
        var report: ExitReport
        /// Whether somebody asked for it; all others are failures.
        var wasAskedFor: Bool
    }

    /// How many are kept.
    static let capacity = 20

    /// The ends, oldest first.
    private(set) var deaths: [Death] = []

    /// Records an end.
    mutating func record(_ death: Death) {
        if deaths.count == Self.capacity { deaths.removeFirst() }
        deaths.append(death)
    }
}
