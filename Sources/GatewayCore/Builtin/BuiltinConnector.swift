public import NIOCore
public import Supervision

/// Connects to the MCP server that is part of the gateway: an operator's view of all the others.
public struct BuiltinConnector: UpstreamConnector {
    /// The name by which the configuration asks for it (`"builtin": "gateway"`).
    public static let name = "gateway"

    private let administration: any Administration
    private let gatewayVersion: String

    /// - Parameters:
    ///   - administration: what its tools ask.
    ///   - gatewayVersion: the version in its `serverInfo`.
    public init(administration: any Administration, gatewayVersion: String) {
        self.administration = administration
        self.gatewayVersion = gatewayVersion
    }

    /// Is ready at once.
    public func connect(
        to specification: ServerSpecification,
        on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection {
        let connection = BuiltinConnection(
            tools: BuiltinTools(administration: administration, ownName: specification.name),
            gatewayVersion: gatewayVersion, eventLoop: eventLoop, onEvent: onEvent)
        connection.open()
        return connection
    }

    /// It is always there.
    public func canStart(_ specification: ServerSpecification) -> Bool { true }
}
