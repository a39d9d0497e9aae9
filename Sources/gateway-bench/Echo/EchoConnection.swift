internal import JSONRPC
internal import NIOCore
internal import NIOHTTP1

/// One connection of the echo server.
final class EchoConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let streams: EchoStreams
    private var context: ChannelHandlerContext?
    private var streamID: String?
    private var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
    private var body = ByteBuffer()

    init(_ streams: EchoStreams) {
        self.streams = streams
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        if let streamID { streams.remove(streamID) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ByteBuffer()
        case .body(var bytes):
            if body.readableBytes == 0 { body = bytes } else { body.writeBuffer(&bytes) }
        case .end:
            do throws(ScanError) {
                try handle(context)
            } catch {
                respond(.badRequest, ByteBuffer(), context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func handle(_ context: ChannelHandlerContext) throws(ScanError) {
        switch head.method {
        case .GET:
            openStream(context)
        case .DELETE:
            respond(.ok, ByteBuffer(), context)
        default:
            // A query names the stream that the answer goes to.
            guard let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                let answer = try EchoServer.answer(body)
                return respond(answer == nil ? .accepted : .ok, answer ?? ByteBuffer(), context)
            }
            let stream = streams.stream(String(head.uri[head.uri.utf8.index(after: mark)...]))
            respond(stream == nil ? .notFound : .accepted, ByteBuffer(), context)
            if let answer = try EchoServer.answer(body) { stream?.send(event: "message", answer) }
        }
    }

    private func respond(_ status: HTTPResponseStatus, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "content-type": "application/json", "mcp-session-id": "1", "content-length": String(body.readableBytes),
        ]
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        if body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func openStream(_ context: ChannelHandlerContext) {
        let id = streams.add(self)
        streamID = id
        let headers: HTTPHeaders = ["content-type": "text/event-stream"]
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: .ok, headers: headers))), promise: nil)
        let path = head.uri.hasSuffix("/sse") ? head.uri.dropLast(4) : head.uri[...]
        send(event: "endpoint", ByteBuffer(string: "\(path)/message?sessionId=\(id)"))
    }

    private func send(event: String, _ data: ByteBuffer) {
        guard let context else { return }
        var frame = ByteBuffer()
        frame.reserveCapacity(data.readableBytes + 32)
        frame.writeString("event: \(event)\ndata: ")
        frame.writeImmutableBuffer(data)
        frame.writeString("\n\n")
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(frame))), promise: nil)
    }
}
