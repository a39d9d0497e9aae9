internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The echo server over HTTP, both transports, to compare the gateway with: nothing is checked that costs time.
enum HTTPEcho {
    /// Serves until the process is killed.
    static func run(port: Int) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let streams = NIOLoopBoundBox.makeBoxSendingValue(EchoStreams(), eventLoop: group.next())
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(EchoConnection(streams.value))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await channel.closeFuture.get()
    }
}

/// The open streams of the older transport, by session id.
final class EchoStreams {
    private var streams: [String: EchoConnection] = [:]
    private var last = 0

    func add(_ connection: EchoConnection) -> String {
        last += 1
        streams[String(last)] = connection
        return String(last)
    }

    func remove(_ id: String) {
        streams[id] = nil
    }

    func stream(_ id: String) -> EchoConnection? {
        streams[id]
    }
}
