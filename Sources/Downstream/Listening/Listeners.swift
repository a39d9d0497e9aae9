internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The listening sockets of one front. None of them takes a connection before `accept`.
struct Listeners: Sendable {
    /// As many connections may wait to be taken as the system allows (listen(2)): behind a socket of the service
    /// manager they wait while the gateway is restarted.
    private static let backlog: Int32 = 4096

    /// The addresses they listen on, with the ports that the system chose.
    let addresses: [SocketAddress]
    private let sockets: [ListeningSocket]

    private struct ListeningSocket {
        let channel: any Channel
        /// The file of a unix socket that the front has made, and removes.
        let file: String?
    }

    /// Opens a socket at each of these points, or none.
    ///
    /// - Parameter initialize: prepares a connection.
    /// - Throws: `ListenFailure`.
    static func open(
        _ points: [ListenPoint], on eventLoop: any EventLoop,
        initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> Listeners {
        var sockets: [ListeningSocket] = []
        for point in points {
            do {
                let channel = try await open(point, on: eventLoop, initialize)
                sockets.append(ListeningSocket(channel: channel, file: point.file))
            } catch {
                await Listeners(addresses: [], sockets: sockets).close()
                throw ListenFailure(point, error)
            }
        }
        return Listeners(addresses: sockets.compactMap(\.channel.localAddress), sockets: sockets)
    }

    /// Begins to take connections.
    func accept() async throws {
        for socket in sockets { try await socket.channel.setOption(.autoRead, value: true).get() }
    }

    /// Takes no more connections. Closing twice does nothing.
    func close() async {
        // Once closed, the file may be that of the next process.
        for socket in sockets where socket.channel.isActive {
            if let file = socket.file { unlink(file) }
            try? await socket.channel.close()
        }
    }

    private static func open(
        _ point: ListenPoint, on eventLoop: any EventLoop,
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws -> any Channel {
        switch point {
        case .tcp(let host?, let port):
            return try await bootstrap(eventLoop, isTCP: true, initialize).bind(host: host, port: port).get()
        case .tcp(nil, let port):
            return try await bindEverywhere(bootstrap(eventLoop, isTCP: true, initialize), port: port)
        case .unix(let path):
            let descriptor = try SocketFile.listen(at: path, backlog: backlog)
            return try await take(descriptor, bootstrap(eventLoop, isTCP: false, initialize))
        case .opened(let descriptor):
            let isTCP = try protocolFamily(of: descriptor) != AF_UNIX
            return try await take(descriptor, bootstrap(eventLoop, isTCP: isTCP, initialize))
        }
    }

    /// Takes over an open socket.
    private static func take(_ descriptor: Int32, _ bootstrap: ServerBootstrap) async throws -> any Channel {
        let channel = try await bootstrap.withBoundSocket(descriptor).get()
        // NIO calls listen with a backlog of its own, which would stay even when somebody else takes the socket over.
        guard listen(descriptor, backlog) == 0 else { throw IOError(errnoCode: errno, reason: "listen") }
        return channel
    }

    /// One socket for both families where the system has IPv6.
    private static func bindEverywhere(_ bootstrap: ServerBootstrap, port: Int) async throws -> any Channel {
        do {
            return try await bootstrap.bind(host: "::", port: port).get()
        } catch let error as IOError where error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL {
            return try await bootstrap.bind(host: "0.0.0.0", port: port).get()
        }
    }

    private static func protocolFamily(of descriptor: Int32) throws -> Int32 {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &size) }
        }
        guard result == 0 else { throw IOError(errnoCode: errno, reason: "getsockname") }
        return Int32(address.ss_family)
    }

    private static func bootstrap(
        _ eventLoop: any EventLoop, isTCP: Bool,
        _ initialize: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> ServerBootstrap {
        let bootstrap = ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.autoRead, value: false)
            .childChannelInitializer(initialize)
        guard isTCP else { return bootstrap }
        return
            bootstrap
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            // A client that vanished without a word is noticed by the first bytes that it does not acknowledge.
            .childChannelOption(
                ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_USER_TIMEOUT)), value: 60_000
            )
    }
}

extension ListenFailure {
    init(_ point: ListenPoint, _ error: any Error) {
        let errorNumber = (error as? IOError)?.errnoCode
        self.init(
            point: point, errorNumber: errorNumber,
            reason: errorNumber.flatMap { strerror($0) }.map { String(cString: $0) } ?? "\(error)")
    }
}
