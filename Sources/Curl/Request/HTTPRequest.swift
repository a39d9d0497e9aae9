public import NIOCore

/// What is asked of a server, and within which limits.
public struct HTTPRequest: Sendable {
    /// The methods that MCP uses.
    public enum Method: String, Sendable {
        /// Opens a stream or fetches. Can be repeated without harm.
        case get = "GET"
        /// Sends a message. Never sent twice.
        case post = "POST"
        /// Ends a session. Can be repeated without harm.
        case delete = "DELETE"
    }

    /// The method.
    public var method: Method
    /// The URL. Its userinfo, if any, is sent as basic authentication unless `headers` has an `Authorization`.
    public var url: HTTPURL
    /// Fields to send, names in any case. Those that belong to the connection or frame the message
    /// (`Connection`, `Content-Length`, `Expect`, `Keep-Alive`, `Proxy-Connection`, `TE`, `Trailer`,
    /// `Transfer-Encoding`, `Upgrade`) are refused, and so is what cannot be sent: CR, LF or NUL in a value, or a name
    /// that is no token (RFC 9110 §5.6.2).
    public var headers: [HTTPField]
    /// The body.
    public var body: ByteBuffer?
    /// How long resolving, connecting and the TLS handshake may take together.
    public var connectTimeout: Duration
    /// How long nothing may arrive or leave, from the time that the request is sent; `nil`: for ever, as a stream of
    /// events may. The time during which the transfer waits for `HTTPTransfer.consumed` does not count.
    public var idleTimeout: Duration?
    /// How long everything may take together, waiting for `HTTPTransfer.consumed` and redirects included; `nil`: for
    /// ever.
    public var totalTimeout: Duration?
    /// How the two sides prove who they are.
    public var tls: TLSSettings
    /// The most bytes of body that are handed out and not yet `consumed`, plus one chunk of at most 16 KiB. When they
    /// are reached nothing more is read from the connection.
    public var window: Int

    /// A request with the usual limits: ten seconds to connect, no end for the rest, 256 KiB of body.
    public init(
        _ method: Method, _ url: HTTPURL, headers: [HTTPField] = [], body: ByteBuffer? = nil,
        connectTimeout: Duration = .seconds(10), idleTimeout: Duration? = nil, totalTimeout: Duration? = nil,
        tls: TLSSettings = TLSSettings(), window: Int = 256 * 1024
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.idleTimeout = idleTimeout
        self.totalTimeout = totalTimeout
        self.tls = tls
        self.window = window
    }
}
