/// The bounds on memory and queues: the keys of `mcpProxy.limits`.
public struct Limits: Sendable, Equatable {
    /// `messageBytes`: the longest message taken from a server.
    public var messageBytes: Int
    /// `requestBodyBytes`: the longest HTTP request body taken from a client.
    public var requestBodyBytes: Int
    /// `headerBytes`: the longest HTTP request head (request line and headers) taken from a client.
    public var headerBytes: Int
    /// `inFlightPerSession`: how many calls of one client session may wait for an answer.
    public var inFlightPerSession: Int
    /// `sessions`: how many client sessions there may be.
    public var sessions: Int
    /// `sessionIdle`: how long a session that nobody uses is kept.
    public var sessionIdle: Duration
    /// `queueEvents`: how many events may wait for one slow reader before its stream is closed.
    public var queueEvents: Int
    /// `queueBytes`: how many bytes may wait for one slow reader before its stream is closed.
    public var queueBytes: Int
    /// `bufferedBytes`: how many bytes may wait in memory for all clients together before the one for whom most wait is
    /// disconnected.
    public var bufferedBytes: Int
    /// `replayEvents`: how many events of one stream are kept for clients who lose their connection.
    public var replayEvents: Int
    /// `replayBytes`: how many bytes of one stream are kept for them.
    public var replayBytes: Int
    /// `replayAge`: for how long.
    public var replayAge: Duration
    /// `streamAge`: how long one connection carries a stream before its client is asked to come back for the rest; nil
    /// for as long as both like.
    public var streamAge: Duration?
    /// `questionAge`: how long a client may take to answer what a server asks it.
    public var questionAge: Duration
    /// `listens`: how many subscriptions of clients without sessions may be open.
    public var listens: Int
    /// `listensPerToken`: how many of them the holder of one token may have open, or all who need none together.
    public var listensPerToken: Int
    /// `parkedCalls`: how many calls of such clients may wait for their client's input.
    public var parkedCalls: Int
    /// `parkedCallsPerToken`: how many of them the holder of one token may have, or all who need none together.
    public var parkedCallsPerToken: Int
    /// `parkedCallAge`: for how long.
    public var parkedCallAge: Duration
    /// `requestsPerSecond`: how many requests one address may send.
    public var requestsPerSecond: Int
    /// `stderrLines`: how many lines of a server's stderr are kept.
    public var stderrLines: Int
    /// `stderrLineBytes`: how much of one such line is kept.
    public var stderrLineBytes: Int

    /// Describes bounds; the defaults are those of the file.
    public init(
        messageBytes: Int = 64 << 20,
        requestBodyBytes: Int = 16 << 20,
        headerBytes: Int = 64 << 10,
        inFlightPerSession: Int = 1024,
        sessions: Int = 4096,
        sessionIdle: Duration = .seconds(1800),
        queueEvents: Int = 1024,
        queueBytes: Int = 16 << 20,
        bufferedBytes: Int = 512 << 20,
        replayEvents: Int = 256,
        replayBytes: Int = 8 << 20,
        replayAge: Duration = .seconds(300),
        streamAge: Duration? = nil,
        questionAge: Duration = .seconds(600),
        listens: Int = 1024,
        listensPerToken: Int = 512,
        parkedCalls: Int = 1024,
        parkedCallsPerToken: Int = 512,
        parkedCallAge: Duration = .seconds(600),
        requestsPerSecond: Int = 1000,
        stderrLines: Int = 200,
        stderrLineBytes: Int = 8 << 10
    ) {
        self.messageBytes = messageBytes
        self.requestBodyBytes = requestBodyBytes
        self.headerBytes = headerBytes
        self.inFlightPerSession = inFlightPerSession
        self.sessions = sessions
        self.sessionIdle = sessionIdle
        self.queueEvents = queueEvents
        self.queueBytes = queueBytes
        self.bufferedBytes = bufferedBytes
        self.replayEvents = replayEvents
        self.replayBytes = replayBytes
        self.replayAge = replayAge
        self.streamAge = streamAge
        self.questionAge = questionAge
        self.listens = listens
        self.listensPerToken = listensPerToken
        self.parkedCalls = parkedCalls
        self.parkedCallsPerToken = parkedCallsPerToken
        self.parkedCallAge = parkedCallAge
        self.requestsPerSecond = requestsPerSecond
        self.stderrLines = stderrLines
        self.stderrLineBytes = stderrLineBytes
    }
}
