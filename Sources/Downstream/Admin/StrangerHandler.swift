internal import JSONRPC
internal import NIOCore

/// Turns away somebody who may not use this socket, without reading what he wants.
final class StrangerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        let body =
            #"{"error":"you may not use this socket","hint":"be root, the user that the gateway runs as, or in its group"}"#
        let channel = context.channel
        let answer = ByteBuffer(
            string: "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\n"
                + "content-length: \(body.utf8.count)\r\nconnection: close\r\n\r\n\(body)")
        context.writeAndFlush(wrapOutboundOut(answer)).whenComplete { _ in channel.close(promise: nil) }
    }
}
