public import NIOCore
public import Spawn
public import Supervision

/// Opens connections to MCP servers that are child processes and speak on their stdin and stdout (MCP "Transports",
/// stdio).
public struct StdioConnector: UpstreamConnector {
    private let spawner: ProcessSpawner
    private let gatewayName: String
    private let gatewayVersion: String
    private let backlogLimit: Int

    /// - Parameters:
    ///   - spawner: the thread that starts and watches every child.
    ///   - gatewayName: how the gateway calls itself in its `clientInfo`.
    ///   - gatewayVersion: its version there.
    ///   - backlogLimit: how many bytes may wait for a child that does not read its stdin. One more message is taken
    ///     as long as fewer wait.
    public init(spawner: ProcessSpawner, gatewayName: String, gatewayVersion: String, backlogLimit: Int = 64 << 20) {
        self.spawner = spawner
        self.gatewayName = gatewayName
        self.gatewayVersion = gatewayVersion
        self.backlogLimit = backlogLimit
    }

    /// Spawns the specification's command. One that is no process ends at once, with the reason.
    public func connect(
        to specification: ServerSpecification,
        on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection {
        let connection = StdioConnection(
            specification: specification,
            handshake: Handshake(
                gatewayName: gatewayName, gatewayVersion: gatewayVersion, capabilities: specification.clientCapabilities
            ),
            backlogLimit: backlogLimit, eventLoop: eventLoop, onEvent: onEvent)
        eventLoop.execute { connection.assumeIsolated { $0.open(with: spawner) } }
        return connection
    }

    /// Whether the command can be found.
    public func canStart(_ specification: ServerSpecification) -> Bool {
        guard case .process(let command) = specification.launch else { return false }
        let path = try? ExecutableSearch.find(
            command.command, environment: command.environment, workingDirectory: command.workingDirectory)
        return path != nil
    }
}
