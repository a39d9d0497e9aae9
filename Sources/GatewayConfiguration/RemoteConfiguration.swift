/// The address of a server elsewhere, and how it is spoken to.
public struct RemoteConfiguration: Sendable, Equatable {
    /// An absolute http or https URL. May hold a key in its query: do not print it.
    public var url: String
    /// The headers to send with every request. They hold secrets: do not print them.
    public var headers: [String: String]
    /// The transport; found out by trying if `nil`.
    public var transport: FrontConfiguration.TransportType?
    /// The names of the headers of a client's request that go along with its calls, in lower case.
    public var forwardedHeaders: [String]
    /// What differs from the usual trust in TLS.
    public var tls: TLSConfiguration

    /// Describes a remote server.
    public init(
        url: String, headers: [String: String] = [:], transport: FrontConfiguration.TransportType? = nil,
        forwardedHeaders: [String] = [], tls: TLSConfiguration = TLSConfiguration()
    ) {
        self.url = url
        self.headers = headers
        self.transport = transport
        self.forwardedHeaders = forwardedHeaders
        self.tls = tls
    }
}

/// What differs from the usual trust in TLS: the key `tls`. The paths are those of PEM files; a relative one in the
/// file was made to begin in the file's directory.
public struct TLSConfiguration: Sendable, Equatable {
    /// The certificates that are trusted, instead of the system's.
    public var caFile: String?
    /// The gateway's own certificate, for servers that ask for one.
    public var certificateFile: String?
    /// The key of that certificate; may stand in the same file.
    public var keyFile: String?
    /// Whether the server's certificate is taken unchecked.
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
