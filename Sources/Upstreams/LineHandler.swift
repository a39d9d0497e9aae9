internal import JSONRPC
internal import NIOCore

/// Cuts what a child writes into lines and hands them on in order, on the event loop.
final class LineHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var framer: LineFramer
    private let onLine: (LineFramer.Line) -> Void
    private let onEnd: () -> Void
    private var hasEnded = false

    /// - Parameter onEnd: called once, after the last line.
    init(_ framer: LineFramer, onLine: @escaping (LineFramer.Line) -> Void, onEnd: @escaping () -> Void) {
        self.framer = framer
        self.onLine = onLine
        self.onEnd = onEnd
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framer.append(unwrapInboundIn(data))
        while let line = framer.next() { onLine(line) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(ChannelEvent.inputClosed) = event as? ChannelEvent { end() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        if let line = framer.finish() { onLine(line) }
        onEnd()
    }
}
