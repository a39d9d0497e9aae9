internal import NIOCore
internal import NIOHTTP1

/// Puts together the requests of one connection.
final class RequestCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let connection: Int
    private let onRequest: @Sendable (TestHTTPExchange) -> Void
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(connection: Int, onRequest: @escaping @Sendable (TestHTTPExchange) -> Void) {
        self.connection = connection
        self.onRequest = onRequest
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let new):
            head = new
            body.clear()
        case .body(var more):
            body.writeBuffer(&more)
        case .end:
            guard let head else { return }
            onRequest(TestHTTPExchange(head: head, body: body, connection: connection, channel: context.channel))
        }
    }

    /// What is no HTTP, or a connection that broke: both end it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
