internal import NIOCore

/// Turns away a connection that is one too many, without reading what it wants.
final class OverloadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let body = #"{"error":"too many connections are open","hint":"try again in a few seconds"}"#

    private static let answer = ByteBuffer(
        string: "HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\ncontent-type: application/json\r\n"
            + "content-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)")

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(Self.answer)).whenComplete { _ in channel.close(promise: nil) }
    }
}
