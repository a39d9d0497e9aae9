internal import NIOCore
internal import NIOPosix

/// Who reads the responses on a connection.
protocol ResponseReceiver: AnyObject {
    func receive(_ part: ResponseReader.Part, on connection: HTTPConnection) throws(BenchFailure)
    /// The connection is of no use any more. Not called after `close()`.
    func lost(_ failure: BenchFailure)
}

/// One kept-alive connection of the load generator.
final class HTTPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private weak var receiver: (any ResponseReceiver)?
    private var reader = ResponseReader()
    private var context: ChannelHandlerContext?

    init(receiver: any ResponseReceiver) {
        self.receiver = receiver
    }

    func connect(
        to address: SocketAddress, on eventLoop: any EventLoop, _ done: @escaping (Result<Void, BenchFailure>) -> Void
    ) {
        ClientBootstrap(group: eventLoop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { result in
                do {
                    try result.get().pipeline.syncOperations.addHandler(self)
                    done(.success(()))
                } catch {
                    done(.failure(BenchFailure("cannot connect to \(address): \(error)")))
                }
            }
    }

    func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    func flush() {
        context?.flush()
    }

    func close() {
        receiver = nil
        context?.close(promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.append(unwrapInboundIn(data))
        do throws(BenchFailure) {
            while let part = try reader.next() { try receiver?.receive(part, on: self) }
        } catch {
            lose(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose(BenchFailure("the connection was closed"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lose(BenchFailure("the connection broke: \(error)"))
    }

    private func lose(_ failure: BenchFailure) {
        let receiver = receiver
        close()
        receiver?.lost(failure)
    }
}
