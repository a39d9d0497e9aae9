internal import Glibc
public import NIOCore
public import Spawn
public import Supervision

/// Opens connections to MCP servers that are child processes and speak on their stdin and stdout (MCP "Transports",
/// stdio). A server that is not known is asked first what it is (MCP 2026-07-28 "stdio", backward compatibility).
public struct StdioConnector: UpstreamConnector {
    private let spawner: ProcessSpawner
    private let gatewayName: String
    private let gatewayVersion: String
    private let backlogLimit: Int
    private let probePatience: Duration
    private let memory: EraMemory

    /// - Parameters:
    ///   - spawner: the thread that starts and watches every child.
    ///   - gatewayName: how the gateway calls itself in its `clientInfo`.
    ///   - gatewayVersion: its version there.
    ///   - backlogLimit: how many bytes may wait for a child that does not read its stdin. One more message is taken
    ///     as long as fewer wait.
    ///   - probePatience: how long a server that is asked what it is may be silent before it is sent `initialize` as well.
    ///   - store: where it is kept over restarts how servers turned out to be opened; nowhere if `nil`.
    ///   - clock: the time in seconds since 1970, if not that of the system.
    public init(
        spawner: ProcessSpawner, gatewayName: String, gatewayVersion: String, backlogLimit: Int = 64 << 20,
        probePatience: Duration = .seconds(5), store: (any EraStore)? = nil, clock: (@Sendable () -> Int)? = nil
    ) {
        self.spawner = spawner
        self.gatewayName = gatewayName
        self.gatewayVersion = gatewayVersion
        self.backlogLimit = backlogLimit
        self.probePatience = probePatience
        memory = EraMemory(store: store, clock: clock ?? { time(nil) })
    }

    /// Spawns the specification's command. One that is no process ends at once, with the reason.
    public func connect(
        to specification: ServerSpecification,
        on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection {
        guard specification.era == .auto, memory.era(of: specification) == nil else {
            return connection(to: specification, on: eventLoop, onEvent)
        }
        return ProbedConnection(on: eventLoop, onEvent: onEvent) { onEvent in
            connection(to: specification, on: eventLoop, onEvent)
        }
    }

    private func connection(
        to specification: ServerSpecification, on eventLoop: any EventLoop,
        _ onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> StdioConnection {
        let connection = StdioConnection(
            specification: specification,
            handshake: Handshake(
                gatewayName: gatewayName, gatewayVersion: gatewayVersion, capabilities: specification.clientCapabilities
            ),
            author: RequestAuthor(gatewayName: gatewayName, gatewayVersion: gatewayVersion), memory: memory,
            probePatience: probePatience, backlogLimit: backlogLimit, eventLoop: eventLoop, onEvent: onEvent)
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
