import NIOCore
import NIOPosix

/// A server that takes a request a little at a time, and then answers it with 204.
struct SlowServer: Sendable {
    private let listener: any Channel

    var port: Int { listener.localAddress?.port ?? 0 }

    /// - Parameter size: the bytes of body, after which it answers.
    static func start(size: Int) async throws -> SlowServer {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            // Inherited by the connection (tcp(7)); otherwise the kernel would take most of it in no time.
            .serverChannelOption(.socketOption(.so_rcvbuf), value: 128 * 1024)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 128 * 1024))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(size: size))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return SlowServer(listener: listener)
    }

    func stop() async throws {
        try await listener.close()
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private var left: Int

        init(size: Int) {
            left = size
        }

        func channelActive(context: ChannelHandlerContext) {
            context.read()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            left -= unwrapInboundIn(data).readableBytes
            let channel = context.channel
            if left > 0 {
                context.eventLoop.scheduleTask(in: .milliseconds(20)) { channel.read() }
            } else {
                channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 204 No Content\r\n\r\n"), promise: nil)
            }
        }
    }
}
