import NIOCore
import NIOPosix

/// A client connection that speaks HTTP/1.1 by hand, so that a test can also send what no proper client would.
actor TestConnection {
    struct Response: Sendable {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body = ""
    }

    enum Failure: Error {
        case closed
        case malformed(String)
    }

    private let channel: any Channel
    private let inbound: AsyncStream<ByteBuffer>
    private var buffer: [UInt8] = []
    private var events: [UInt8] = []

    private init(channel: any Channel, inbound: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.inbound = inbound
    }

    static func open(_ address: SocketAddress) async throws -> TestConnection {
        let (inbound, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(to: address).get()
        return TestConnection(channel: channel, inbound: inbound)
    }

    // MARK: Writing

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Sends a request; `Host` and `Content-Length` are added unless given.
    func request(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: String? = nil
    ) async throws {
        var lines = ["\(method) \(path) HTTP/1.1"]
        if !headers.keys.contains(where: { $0.lowercased() == "host" }) { lines.append("Host: localhost") }
        for (name, value) in headers { lines.append("\(name): \(value)") }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }

    /// Sends a request and reads its whole answer.
    func exchange(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: String? = nil
    ) async throws -> Response {
        try await request(method, path, headers, body: body)
        return try await response(isHead: method == "HEAD")
    }

    /// Closes the connection, or only this side of it.
    func close(halfway: Bool = false) async throws {
        try await channel.close(mode: halfway ? .output : .all)
    }

    /// Leaves what comes in the socket, until that is full.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    /// Takes what is in the socket, and what comes.
    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    /// Waits until the other side has closed the connection.
    func waitForEnd() async {
        while let more = await inbound.first(where: { _ in true }) { buffer += more.readableBytesView }
    }

    // MARK: Reading

    /// The bytes that come next, as they are; nil when the connection is closed.
    func bytes() async -> ByteBuffer? {
        await inbound.first { _ in true }
    }

    /// Reads a whole response.
    func response(isHead: Bool = false) async throws -> Response {
        var response = try await head()
        if isHead || response.status == 204 || response.status == 100 { return response }
        if let length = response.headers["content-length"].flatMap({ Int($0) }) {
            response.body = String(decoding: try await take(length), as: UTF8.self)
        } else if response.headers["transfer-encoding"] == "chunked" {
            while let chunk = try await chunk() { response.body += String(decoding: chunk, as: UTF8.self) }
        } else {
            throw Failure.malformed("a response without framing")
        }
        return response
    }

    /// Reads a response's head; its body is to be read with `event`.
    func head() async throws -> Response {
        let status = try await line().split(separator: " ")
        guard status.count >= 2, status[0].hasPrefix("HTTP/1."), let code = Int(status[1]) else {
            throw Failure.malformed(status.joined(separator: " "))
        }
        var headers: [String: String] = [:]
        while case let field = try await line(), !field.isEmpty {
            guard let colon = field.firstIndex(of: ":") else { throw Failure.malformed(field) }
            let value = field[field.index(after: colon)...].drop { $0 == " " }
            headers[field[..<colon].lowercased()] = String(value)
        }
        return Response(status: code, headers: headers)
    }

    /// Reads the next event of a stream, comments included: its lines without the empty one that ends it. Returns nil
    /// at the end of the stream.
    func event() async throws -> String? {
        let end = Array("\n\n".utf8)
        while true {
            if let range = events.firstRange(of: end) {
                let event = String(decoding: events[..<range.lowerBound], as: UTF8.self)
                events.removeSubrange(..<range.upperBound)
                return event
            }
            guard let chunk = try await chunk() else {
                guard events.isEmpty else { throw Failure.malformed("a cut event") }
                return nil
            }
            events += chunk
        }
    }

    /// Reads the next event with data and returns that.
    func message() async throws -> String? {
        try await identifiedMessage()?.text
    }

    /// Reads the next event with data, and returns it with its id, if it has one.
    func identifiedMessage() async throws -> (id: String?, text: String)? {
        while var event = try await event() {
            if event.hasPrefix(":") || event.hasSuffix("\ndata:") { continue }
            var id: String?
            if event.hasPrefix("id: ") {
                let line = event.prefix { $0 != "\n" }
                id = String(line.dropFirst(4))
                event.removeFirst(line.count + 1)
            }
            let head = "event: message\ndata: "
            guard event.hasPrefix(head) else { throw Failure.malformed(event) }
            return (id, String(event.dropFirst(head.count)))
        }
        return nil
    }

    private func chunk() async throws -> [UInt8]? {
        let size = try await line()
        guard let length = Int(size, radix: 16) else { throw Failure.malformed(size) }
        let chunk = try await take(length)
        guard try await line().isEmpty else { throw Failure.malformed("a chunk that is too long") }
        return length == 0 ? nil : chunk
    }

    private func line() async throws -> String {
        let end = Array("\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                let line = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                return line
            }
            try await readMore()
        }
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count { try await readMore() }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private func readMore() async throws {
        guard let more = await inbound.first(where: { _ in true }) else { throw Failure.closed }
        buffer += more.readableBytesView
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<ByteBuffer>.Continuation

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(unwrapInboundIn(data))
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
