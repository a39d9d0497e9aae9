public import GatewayCore
public import NIOCore

/// What the HTTP front must know; the executable fills it from the configuration.
public struct FrontSettings: Sendable {
    /// Where clients see the gateway (`baseURL`); its path is a prefix that every route also answers under.
    public var publicAddress: PublicAddress?
    /// Further names for the `Host` header besides the machine's own (`allowedHosts`): `name`, `*.name` or `*`.
    public var allowedHosts: [String] = []
    /// Origins of web pages that may use the gateway (`cors.origins`), e.g. `http://linuxserver.lan:*`.
    public var allowedOrigins: [String] = []
    /// Whether a client may connect from this address (`allowedNetworks`): 4 or 16 bytes, in network order.
    public var admits: @Sendable (_ address: [UInt8]) -> Bool = { _ in true }
    /// Whether a program may connect through a unix socket; whoever its file lets in if `nil`.
    public var admitsPeer: (@Sendable (SocketPeer) -> Bool)?
    /// What was measured, as the text that Prometheus reads; nothing if `nil`.
    public var metrics: (@Sendable () -> ByteBuffer)?
    /// The admin API, if it is served here.
    public var admin: AdminDoor?
    /// Whether MCP servers are served here.
    public var servesServers = true
    /// How servers are offered as OpenAPI tools here; not at all if `nil`.
    public var openAPI: OpenAPISettings?
    /// The longest request body, in bytes; beyond it 413.
    public var bodyLimit = 16 << 20
    /// The longest request head, and the longest single field in it, in bytes; beyond it 431.
    public var headerLimit = 64 << 10
    /// Open connections; one more is answered 503 and closed.
    public var connectionLimit = 8192
    /// How long a connection may stay open without a request.
    public var idleTimeout: Duration = .seconds(120)
    /// How long a client may take to send one request.
    public var requestTimeout: Duration = .seconds(60)
    /// How long a client may leave alone what waits for it, without reading any of it.
    public var writeTimeout: Duration = .seconds(60)
    /// How long a client may go on sending a request that has been refused already.
    public var discardTimeout: Duration = .seconds(5)
    /// How long after a client has connected its first request is waited for when the front shuts down.
    public var patienceWithFirst: Duration = .seconds(5)
    /// How long after an answer the next request is waited for when the front shuts down: it may have been sent already.
    public var patienceWithNext: Duration = .milliseconds(500)
    /// Requests a second from one address, and twice as many at once; beyond it 429. Programs on this machine are
    /// exempt, but for a proxy that passes on requests of others.
    public var requestsPerSecond = 1000
    /// Bytes that may wait in memory for all clients together; beyond it the one for whom most wait is disconnected.
    public var bufferedBytes = 512 << 20
    /// How often a comment is written to an event stream, so that nobody between takes it for dead.
    public var keepAliveInterval: Duration = .seconds(15)
    /// Events that may wait for a slow reader of one stream; beyond it the stream is closed.
    public var streamQueueEvents = 1024
    /// Bytes that may wait for a slow reader of one stream, besides a single longer event; beyond it the stream is
    /// closed.
    public var streamQueueBytes = 16 << 20
    /// Events of one stream that are kept for a client who loses its connection; the oldest are forgotten.
    public var replayEvents = 256
    /// Bytes of these events.
    public var replayBytes = 8 << 20
    /// How long they are kept.
    public var replayAge: Duration = .seconds(300)
    /// How long one connection carries a stream. Then the client, if it knows how to, is asked to come back for the
    /// rest. Nil: as long as both like.
    public var streamAge: Duration?
    /// After what time it is asked to come back.
    public var retryDelay: Duration = .milliseconds(500)
    /// How long the answer to a streamable POST may take before it becomes an event stream.
    public var deferredAnswerDelay: Duration = .milliseconds(300)
    /// What is kept for clients without sessions.
    public var stateless = StatelessLimits()
    /// `Retry-After` of a 503 whose cause names no time of its own.
    public var retryAfter: Duration = .seconds(5)
    /// The gateway's name, as `GET /` shows it.
    public var serverName = "mcp-gateway"
    /// The gateway's version, as `GET /` shows it.
    public var serverVersion = ""

    /// The defaults of the configuration file.
    public init() {}

    /// What is kept of one stream.
    var replayBounds: ReplayBuffer.Bounds {
        ReplayBuffer.Bounds(events: replayEvents, bytes: replayBytes, age: TimeAmount(replayAge))
    }
}
