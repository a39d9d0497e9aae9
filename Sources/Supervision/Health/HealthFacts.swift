/// All that a server's health is judged by.
struct HealthFacts: Equatable, Sendable {
    /// The end of a life that nobody asked for.
    struct Failure: Equatable, Sendable {
        /// What ended it.
        var cause: ExitReport.Cause
        /// Whether it had been ready.
        var wasReady: Bool
        /// The cause and the time for people: `exited with status 1, 12 s ago`.
        var clause: String
    }

    /// Where in its life the server is.
    var phase: ServerSnapshot.Phase
    /// Whether it should be up.
    var isWantedUp: Bool
    /// How it is reached.
    var launch: ServerSpecification.Launch
    /// What happened and what will happen, without what the server wrote to stderr.
    var reason: String
    /// Why it is not ready, or was not before: the last life's end, or why the present one is being ended.
    var failure: Failure?
    /// Failures within the last `window`, since somebody last asked for a start.
    var recentFailures: Int
    /// The period over which failures are counted.
    var window: Duration
    /// Whether it is tried only rarely.
    var failsTooOften: Bool
    /// How long a call may go without an answer or progress.
    var callTimeout: Duration
    /// What passes between the gateway and the server.
    var traffic: TrafficFacts
}

/// What is known of the traffic with a server that is ready.
struct TrafficFacts: Equatable, Sendable {
    /// Calls that wait for an answer.
    var inFlight = 0
    /// For how long the server has been silent while calls were in flight, if that is remarkable.
    var silence: Duration?
    /// For how long a ping has had no answer.
    var unansweredPing: Duration?
    /// Whether pings are of any use.
    var knowsPings = true
}
