internal import GatewayConfiguration
internal import GatewayCore
internal import GatewayMetrics
internal import JSONRPC
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Supervision

/// Starts every server of a configuration once, without serving anybody, to see whether and how soon it becomes ready.
struct TrialRun {
    let configuration: Configuration
    /// Told of each server when it is settled: an object of the admin API.
    let onOutcome: @Sendable (ServerView) -> Void

    /// Returns when all servers are settled and stopped again.
    ///
    /// - Throws: `SpawnFailure` if no process can be started at all.
    func run() async throws {
        // What is to be said is in the outcome.
        let logger = Logger(label: Product.name) { _ in SwiftLogNoOpLogHandler() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let remote = LazyRemoteConnector(configuration)
        let nobody = ControlPlane(configuration: "", reloads: ReloadRequests(), meters: Meters(), logger: logger)
        let supervisor = try Supervisor.wired(
            configuration, on: group.next(), remote: remote, administration: nobody, store: nil, eras: nil,
            logger: logger)
        let (changes, changed) = AsyncStream<ServerSnapshot>.makeStream()
        await supervisor.observe { changed.yield($0) }
        let specifications = Dictionary(configuration.specifications.map { ($0.name, $0) }) { first, _ in first }
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await supervisor.run() }
            var open = Set(specifications.values.filter { $0.launch != .disabled }.map(\.name))
            while !open.isEmpty, let snapshot = await changes.first(where: Self.isSettled) {
                guard open.remove(snapshot.name) != nil, let specification = specifications[snapshot.name] else {
                    continue
                }
                onOutcome(Self.view(of: snapshot, specification))
            }
            await supervisor.stop()
        }
        remote.shutdown()
        try await group.shutdownGracefully()
    }

    /// Whether its first life has shown what it is worth.
    private static func isSettled(_ snapshot: ServerSnapshot) -> Bool {
        switch snapshot.phase {
        case .ready, .backingOff, .failed, .disabled: true
        case .starting, .stopping, .stopped: snapshot.generation > 1
        }
    }

    private static func view(of snapshot: ServerSnapshot, _ specification: ServerSpecification) -> ServerView {
        let standing = ServerStanding(snapshot, launch: specification.launch, tools: nil, sessions: 0)
        return ServerView(
            json: JSONValue(JSONText.object(standing.members + [("specification", specification.json)])))
    }
}
