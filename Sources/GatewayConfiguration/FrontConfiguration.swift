/// The gateway's own side of the configuration: where it listens, what it is called, what it lets in.
public struct FrontConfiguration: Sendable, Equatable {
    /// The address clients use, if the file names one.
    public var baseURL: BaseURL?
    /// Where the gateway listens, unless the service manager passes it sockets. At least one, none twice.
    public var addresses: [ListenAddress]
    /// The name the gateway gives itself; `nil` for its own.
    public var name: String?
    /// The version the gateway gives itself; `nil` for its own.
    public var version: String?
    /// The transport that TBXark's proxy would serve. Informational: this gateway always serves both.
    public var type: TransportType
    /// What every server inherits unless it says otherwise.
    public var options: InheritedOptions
    /// Origins that browsers may call from, as patterns: `*`, or `scheme://host` with an optional `:port` or `:*`,
    /// where the host may begin with `*.`. Lower case.
    public var corsOrigins: [String]
    /// Host names, beside the machine's own, under which clients may address the gateway: names, addresses without
    /// brackets or port, `*.suffix`, or `*`. Lower case.
    public var allowedHosts: [String]
    /// Where clients may come from; empty for everywhere.
    public var allowedNetworks: [Network]
    /// The tokens that let an operator use the admin API over the network; it is not there if there are none.
    public var adminTokens: [String]
    /// Whether there is a page that shows how the servers stand; to whom, if there are no admin tokens: with `true` to
    /// everybody, with `nil` to this machine only.
    public var page: Bool?
    /// The bounds on memory and queues.
    public var limits: Limits
    /// How servers appear together.
    public var aggregate: AggregateConfiguration
    /// Servers that appear together without the others, in the order of the file.
    public var groups: [GroupConfiguration]

    /// The two ways TBXark's proxy can serve a server.
    public enum TransportType: String, Sendable, CaseIterable {
        /// HTTP+SSE, of protocol revision 2024-11-05.
        case sse
        /// Streamable HTTP, of protocol revision 2025-03-26 and later.
        case streamableHTTP = "streamable-http"
    }

    /// Describes the front; the defaults are those of an empty `mcpProxy`.
    public init(
        baseURL: BaseURL? = nil,
        addresses: [ListenAddress] = [.standard],
        name: String? = nil,
        version: String? = nil,
        type: TransportType = .sse,
        options: InheritedOptions = InheritedOptions(),
        corsOrigins: [String] = [],
        allowedHosts: [String] = [],
        allowedNetworks: [Network] = [],
        adminTokens: [String] = [],
        page: Bool? = nil,
        limits: Limits = Limits(),
        aggregate: AggregateConfiguration = AggregateConfiguration(),
        groups: [GroupConfiguration] = []
    ) {
        self.baseURL = baseURL
        self.addresses = addresses
        self.name = name
        self.version = version
        self.type = type
        self.options = options
        self.corsOrigins = corsOrigins
        self.allowedHosts = allowedHosts
        self.allowedNetworks = allowedNetworks
        self.adminTokens = adminTokens
        self.page = page
        self.limits = limits
        self.aggregate = aggregate
        self.groups = groups
    }
}

/// The options of `mcpProxy` that servers inherit. `toolFilter` and `disabled` are not among them, as in TBXark's proxy.
public struct InheritedOptions: Sendable, Equatable {
    /// Whether a mistake in a server's block stops the whole gateway.
    public var panicIfInvalid: Bool
    /// Whether requests are logged.
    public var logEnabled: Bool
    /// The bearer tokens that let a client in; none means that no token is asked for.
    public var authTokens: [String]
    /// How long a server must have said nothing before it is asked whether it lives.
    public var pingInterval: Duration?

    /// Describes what is inherited; the defaults are TBXark's.
    public init(
        panicIfInvalid: Bool = false, logEnabled: Bool = false, authTokens: [String] = [],
        pingInterval: Duration? = nil
    ) {
        self.panicIfInvalid = panicIfInvalid
        self.logEnabled = logEnabled
        self.authTokens = authTokens
        self.pingInterval = pingInterval
    }
}
