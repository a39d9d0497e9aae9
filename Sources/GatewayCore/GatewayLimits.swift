/// How much clients may ask for at once.
public struct GatewayLimits: Sendable, Equatable {
    /// Open sessions over all routes; beyond it a new one is refused with 503.
    public var sessions: Int
    /// Requests of one session that wait for an answer; beyond it one gets a JSON-RPC error naming the limit.
    public var inFlightPerSession: Int
    /// How long a session without an open stream and without a call may be idle before it is closed.
    public var sessionIdle: Duration
    /// How long a server's question waits for a stream on which the client can be asked.
    public var streamGrace: Duration

    /// Limits; the defaults are those of the configuration file.
    public init(
        sessions: Int = 4096, inFlightPerSession: Int = 1024, sessionIdle: Duration = .seconds(1800),
        streamGrace: Duration = .seconds(30)
    ) {
        self.sessions = sessions
        self.inFlightPerSession = inFlightPerSession
        self.sessionIdle = sessionIdle
        self.streamGrace = streamGrace
    }
}
