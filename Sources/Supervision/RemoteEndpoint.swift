/// Where a server elsewhere is, and how it is spoken to.
public struct RemoteEndpoint: Sendable, Equatable {
    /// An absolute http or https URL. May hold a key in its query: do not print it.
    public var url: String
    /// The transport; found out by trying if `nil`.
    public var transport: Transport?
    /// What is sent with every request. Holds secrets: do not print it.
    public var headers: [String: String]
    /// How the server proves who it is, and how the gateway does.
    public var tls: TLS

    /// How MCP is carried over HTTP.
    public enum Transport: String, Sendable, Equatable, CaseIterable {
        /// HTTP+SSE (MCP 2024-11-05): one stream of events, and an endpoint to post to.
        case sse
        /// Streamable HTTP (MCP 2025-03-26 and later): every message is a POST of its own.
        case streamableHTTP = "streamable-http"
    }

    /// What differs from the usual trust in TLS. Paths of PEM files.
    public struct TLS: Sendable, Equatable {
        /// The certificates that are trusted, instead of the system's.
        public var caFile: String?
        /// The gateway's own certificate.
        public var certificateFile: String?
        /// The key of that certificate.
        public var keyFile: String?
        /// Whether a server may be anybody: its certificate is not checked.
        public var isInsecure: Bool

        /// Describes the trust; the defaults are the system's.
        public init(
            caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, isInsecure: Bool = false
        ) {
            self.caFile = caFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.isInsecure = isInsecure
        }
    }

    /// Describes a server elsewhere.
    public init(url: String, transport: Transport? = nil, headers: [String: String] = [:], tls: TLS = TLS()) {
        self.url = url
        self.transport = transport
        self.headers = headers
        self.tls = tls
    }
}
