/// What a managed server takes with it from phase to phase.
struct LifeRecord: Equatable, Sendable {
    /// What is run.
    let specification: ServerSpecification
    /// The present life, or the last one; 0 before the first start.
    private(set) var generation = Generation(0)
    /// How many launches nobody asked for.
    private(set) var restarts = 0
    /// When the present phase was entered.
    var since: Duration
    /// How the last lives ended.
    private(set) var tally = DeathTally()
    /// The wait after the next failure.
    private(set) var backoff = Backoff()
    /// The recent failures.
    private(set) var window = RestartWindow()

    /// An empty record.
    init(_ specification: ServerSpecification, now: Duration) {
        self.specification = specification
        self.since = now
    }

    /// The end before which nothing ended, if it was a failure.
    var lastFailure: DeathTally.Death? {
        tally.deaths.last.flatMap { $0.wasAskedFor ? nil : $0 }
    }

    /// Begins the next life.
    mutating func beginLife(automatically: Bool) {
        generation = generation.next
        if automatically { restarts += 1 }
    }

    /// Records how the present life ended.
    mutating func endLife(_ report: ExitReport, readyFor: Duration?, now: Duration, askedFor: Bool) {
        tally.record(
            DeathTally.Death(
                generation: generation, at: now, readyFor: readyFor, report: report, wasAskedFor: askedFor))
    }

    /// Counts a failure and returns the wait before the next start; zero means at once.
    mutating func waitAfterFailure(readyFor: Duration?, now: Duration, jitter: Double) -> Duration {
        let policy = specification.restart
        window.record(afterReadyFor: readyFor, now: now, policy: policy)
        let wait = backoff.next(afterReadyFor: readyFor, now: now, jitter: jitter, policy: policy)
        return window.isExhausted ? max(wait, policy.exhaustedInterval) : wait
    }

    /// Forgets all failures: whoever asks for a start by hand gets a fresh count.
    mutating func forgive() {
        backoff = Backoff()
        window = RestartWindow()
    }
}
