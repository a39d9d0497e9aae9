internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 that a test plays. It has a thread of its own, so that a busy one does not slow down
/// the servers of other tests.
public final class TestHTTPServer: Sendable {
    /// The port it listens on.
    public let port: Int
    /// Every request, in the order in which they were complete.
    public let requests: AsyncStream<TestHTTPExchange>

    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let connections: Connections
    private let sender: AsyncStream<TestHTTPExchange>.Continuation
    private let isStopped = Atomic(false)

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - port: the port to listen on; one that is free if 0.
    ///   - handler: called with every request that is complete, on the connection's event loop. It may answer at once
    ///     or leave that for later.
    public static func start(
        port: Int = 0, handler: (@Sendable (TestHTTPExchange) -> Void)? = nil
    ) async throws -> TestHTTPServer {
        let connections = Connections()
        let (requests, sender) = AsyncStream<TestHTTPExchange>.makeStream()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = connections.add(channel)
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false, withErrorHandling: false)
                    try channel.pipeline.syncOperations.addHandler(
                        RequestCollector(connection: number) { exchange in
                            sender.yield(exchange)
                            handler?(exchange)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return TestHTTPServer(
            port: listener.localAddress?.port ?? 0, requests: requests, group: group, listener: listener,
            connections: connections, sender: sender)
    }

    private init(
        port: Int, requests: AsyncStream<TestHTTPExchange>, group: MultiThreadedEventLoopGroup, listener: any Channel,
        connections: Connections, sender: AsyncStream<TestHTTPExchange>.Continuation
    ) {
        self.port = port
        self.requests = requests
        self.group = group
        self.listener = listener
        self.connections = connections
        self.sender = sender
    }

    /// The URL of this path, which begins with a slash.
    public func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Waits for the next request that nobody has taken from `requests`; `nil` once the server is stopped.
    public func next() async -> TestHTTPExchange? {
        await requests.first { _ in true }
    }

    /// How many connections are open.
    public var openConnections: Int { connections.count }

    /// How many connections there have been.
    public var allConnections: Int { connections.total }

    /// Closes all connections, as a server does that ends, and listens no more. A second time it does nothing.
    public func stop() async {
        // On a loop that was shut down, nothing would ever come to its end.
        guard !isStopped.exchange(true, ordering: .relaxed) else { return }
        try? await listener.close()
        for channel in connections.all { try? await channel.close() }
        sender.finish()
        try? await group.shutdownGracefully()
    }
}

/// The open connections of a server, numbered from 1.
final class Connections: Sendable {
    private struct State {
        var open: [Int: any Channel] = [:]
        var total = 0
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.open.count } }
    var total: Int { state.withLock { $0.total } }
    var all: [any Channel] { state.withLock { Array($0.open.values) } }

    func add(_ channel: any Channel) -> Int {
        let number = state.withLock { state in
            state.total += 1
            state.open[state.total] = channel
            return state.total
        }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.open[number] = nil }
        }
        return number
    }
}
