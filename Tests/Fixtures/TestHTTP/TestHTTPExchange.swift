internal import Glibc
public import NIOCore
internal import NIOHTTP1

/// One request to a `TestHTTPServer`, and the way to answer it. Everything may be called from any thread.
public struct TestHTTPExchange: Sendable {
    /// The method, as it came.
    public var method: String { head.method.rawValue }
    /// The request target: path and query, or what a proxy is asked for.
    public var uri: String { head.uri }
    /// The header fields in their order, names in lower case.
    public var headers: [(name: String, value: String)] {
        head.headers.map { ($0.name.lowercased(), $0.value) }
    }
    /// The body.
    public let body: ByteBuffer
    /// The number of its TCP connection; the first of a server has number 1.
    public let connection: Int

    private let head: HTTPRequestHead
    private let channel: any Channel

    init(head: HTTPRequestHead, body: ByteBuffer, connection: Int, channel: any Channel) {
        self.head = head
        self.body = body
        self.connection = connection
        self.channel = channel
    }

    /// The value of the first header field of this name, in any case.
    public func header(_ name: String) -> String? {
        head.headers.first(name: name)
    }

    /// The body as text.
    public var text: String { String(buffer: body) }

    /// The event loop of its connection, for what is to happen later.
    public var eventLoop: any EventLoop { channel.eventLoop }

    // MARK: Answering

    /// Answers in one go; adds `Content-Length` unless it is given. With `Connection: close` among the headers the
    /// connection is closed afterwards.
    public func respond(status: Int = 200, headers: [(String, String)] = [], body: String = "") {
        respond(status: status, headers: headers, body: ByteBuffer(string: body))
    }

    /// Answers in one go, with bytes.
    public func respond(status: Int = 200, headers: [(String, String)] = [], body: ByteBuffer) {
        var headers = HTTPHeaders(headers)
        let hasBody = status >= 200 && status != 204 && status != 304
        if hasBody, !headers.contains(name: "content-length") {
            headers.add(name: "content-length", value: "\(body.readableBytes)")
        }
        let isLast = headers["connection"].contains { $0.lowercased() == "close" }
        write(.head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)))
        if hasBody { write(.body(.byteBuffer(body))) }
        write(.end(nil))
        channel.flush()
        if isLast { channel.close(promise: nil) }
    }

    /// Begins an answer whose end is not known yet, in chunks unless the headers have a `Content-Length`.
    public func beginStream(status: Int = 200, headers: [(String, String)] = []) {
        write(.head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: .init(headers))))
        channel.flush()
    }

    /// Begins a stream of events.
    public func beginEvents(headers: [(String, String)] = []) {
        beginStream(headers: [("Content-Type", "text/event-stream")] + headers)
    }

    /// Adds to the body of a stream.
    ///
    /// - Returns: what is fulfilled when the kernel has taken the bytes, or fails when the connection is gone.
    @discardableResult public func write(_ text: String) -> EventLoopFuture<Void> {
        write(ByteBuffer(string: text))
    }

    /// Adds bytes to the body of a stream.
    @discardableResult public func write(_ bytes: ByteBuffer) -> EventLoopFuture<Void> {
        channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(bytes)))
    }

    /// Ends a stream as it should end; the connection can be used again.
    public func endStream() {
        write(.end(nil))
        channel.flush()
    }

    /// Sends these bytes as they are, past everything that makes HTTP of them.
    public func writeRaw(_ text: String) {
        let bytes = ByteBuffer(string: text)
        channel.eventLoop.execute { [channel] in
            let encoder = try? channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
            encoder?.writeAndFlush(NIOAny(bytes), promise: nil)
        }
    }

    // MARK: Breaking off

    /// Closes the TCP connection, whatever was said before.
    public func abort() {
        channel.close(promise: nil)
    }

    /// Closes the TCP connection with a reset, as a machine does that knows nothing of it.
    public func reset() {
        // With zero seconds to linger, close(2) sends RST (socket(7)).
        guard let socket = channel as? any SocketOptionProvider else { return }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// Returns when the connection is closed, by whichever side.
    public var closed: Void {
        get async { try? await channel.closeFuture.get() }
    }

    private func write(_ part: HTTPServerResponsePart) {
        channel.write(part, promise: nil)
    }
}
