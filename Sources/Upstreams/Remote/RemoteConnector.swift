public import Curl
public import NIOCore
public import Supervision

/// Opens connections to MCP servers that are reached over HTTP (MCP "Transports"): HTTP+SSE and streamable HTTP.
///
/// A server whose transport is not configured is asked, and what was found is remembered for its next connection.
public struct RemoteConnector: UpstreamConnector {
    private let means: RemoteConnection.Means
    private let gatewayName: String
    private let gatewayVersion: String

    /// - Parameters:
    ///   - client: sends every request. Whoever made it shuts it down, after the last connection has ended.
    ///   - gatewayName: how the gateway calls itself in its `clientInfo`.
    ///   - gatewayVersion: its version there.
    ///   - userAgent: the `User-Agent` of every request, unless a server's configuration has another.
    ///   - probePatience: how long a server that is asked what it is may be silent before it is tried otherwise.
    ///   - prefersSessions: whether a server that can be opened with `initialize` is, whatever else it speaks: for
    ///     clients that know nothing newer.
    ///   - names: what servers are configured with, for advice.
    public init(
        client: HTTPClient, gatewayName: String, gatewayVersion: String, userAgent: String,
        probePatience: Duration = .seconds(5), prefersSessions: Bool = false, names: SettingNames = .keys
    ) {
        means = RemoteConnection.Means(
            client: client, memory: TransportMemory(), userAgent: userAgent, probePatience: probePatience,
            prefersSessions: prefersSessions, names: names)
        self.gatewayName = gatewayName
        self.gatewayVersion = gatewayVersion
    }

    /// Connects to the specification's server. One that is not reached over HTTP ends at once, with the reason.
    public func connect(
        to specification: ServerSpecification, on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection {
        let connection = RemoteConnection(
            specification: specification,
            handshake: Handshake(
                gatewayName: gatewayName, gatewayVersion: gatewayVersion, capabilities: specification.clientCapabilities
            ),
            author: RequestAuthor(gatewayName: gatewayName, gatewayVersion: gatewayVersion),
            eventLoop: eventLoop, onEvent: onEvent)
        eventLoop.execute { [means] in connection.assumeIsolated { $0.open(with: means) } }
        return connection
    }

    /// Nothing but the configuration can fail for good here.
    public func canStart(_ specification: ServerSpecification) -> Bool {
        if case .remote = specification.launch { true } else { false }
    }
}
