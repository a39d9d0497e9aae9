public import MCP

/// What goes along with a message to a server: what is sent where a connection has a place for it, and who is behind it.
public struct CallContext: Sendable {
    /// What is sent along over HTTP.
    public var headers: [ForwardedHeader]
    /// The client that it is sent for; `nil` for messages of the gateway's own.
    public var profile: ClientProfile?
    /// The least severe log messages that the client wants, if it ever said.
    public var logLevel: LoggingLevel?
    /// Is told what concerns the caller, if nobody is attached for it.
    public var observer: (any ServerObserver)?

    /// Nothing goes along.
    public static let none = CallContext()

    /// Describes what goes along.
    public init(
        headers: [ForwardedHeader] = [], profile: ClientProfile? = nil, logLevel: LoggingLevel? = nil,
        observer: (any ServerObserver)? = nil
    ) {
        self.headers = headers
        self.profile = profile
        self.logLevel = logLevel
        self.observer = observer
    }
}
