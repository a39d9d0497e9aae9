internal import NIOCore

/// Stands next to the socket of one client and counts what goes over it.
final class TrafficMeter: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    /// When the first byte of the request that is coming was read; nil while none is.
    private(set) var requestBegan: NIODeadline?
    /// Bytes read since the last part of a request was complete. They wait in the decoder.
    private(set) var undecodedBytes = 0
    /// All bytes written so far, sent or not.
    private(set) var writtenBytes = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if requestBegan == nil { requestBegan = .now() }
        undecodedBytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        writtenBytes += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
    }

    /// The decoder has made something of what was read.
    func partCame() {
        undecodedBytes = 0
    }

    /// The request has come completely.
    func requestEnded() {
        requestBegan = nil
        undecodedBytes = 0
    }
}
