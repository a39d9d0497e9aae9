internal import NIOCore

typealias Completion = (Result<Void, BenchFailure>) -> Void

/// One MCP client of the load generator. It lives on the event loop and makes one call at a time.
protocol Session: AnyObject {
    /// Connects, over TCP and as far as the transport goes.
    func connect(_ done: @escaping Completion)
    /// Sends one message and waits until the transport has accepted it and the awaited answer has come.
    func exchange(_ body: RequestBody, awaiting answer: AwaitedAnswer, _ done: @escaping Completion)
    func close()
}

/// Where a server is.
struct Target: Sendable {
    let address: SocketAddress

    /// The server is on this port of the machine, under the route that the benchmark gives it.
    init(port: Int) throws {
        address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
    }

    var host: String { "127.0.0.1:\(address.port ?? 0)" }
    static let route = "/bench"
}

/// How a session speaks to its server.
enum Transport: Sendable {
    case streamable
    case legacy
    /// Streamable HTTP of MCP 2026-07-28, without sessions.
    case modern

    /// Those that the echo server speaks itself, so that calls can be compared with direct ones.
    static let compared: [Transport] = [.streamable, .legacy]

    func session(with target: Target, on eventLoop: any EventLoop) -> any Session {
        switch self {
        case .streamable, .modern: StreamableSession(target, on: eventLoop)
        case .legacy: LegacySession(target, on: eventLoop)
        }
    }
}

extension HTTPConnection {
    /// Sends a POST.
    ///
    /// - Parameter head: the request up to the value of its last field, which is the length.
    func post(_ head: String, _ body: RequestBody) {
        var bytes = ByteBuffer()
        let isShort = body.filler.readableBytes < 16 << 10
        bytes.reserveCapacity(head.utf8.count + body.start.utf8.count + 32 + (isShort ? body.length : 0))
        bytes.writeString(head)
        bytes.writeString(String(body.length))
        bytes.writeStaticString("\r\n\r\n")
        bytes.writeString(body.start)
        if isShort {
            bytes.writeImmutableBuffer(body.filler)
            bytes.writeString(body.end)
            write(bytes)
        } else {
            write(bytes)
            write(body.filler)
            write(ByteBuffer(string: body.end))
        }
        flush()
    }
}
