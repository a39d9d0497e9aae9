public import GatewayCore
internal import GatewayLog
internal import Glibc
public import Logging
public import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The gateway's HTTP side: one listening socket and the connections that come in through it.
public final class HTTPFront: Sendable {
    /// The address it listens on, with the port that the system chose if none was asked for.
    public let localAddress: SocketAddress
    private let channel: any Channel
    private let desk: NIOLoopBound<FrontDesk>

    private init(channel: any Channel, localAddress: SocketAddress, desk: NIOLoopBound<FrontDesk>) {
        self.channel = channel
        self.localAddress = localAddress
        self.desk = desk
    }

    /// Listens for clients of `gateway`, on the gateway's event loop.
    ///
    /// - Parameters:
    ///   - host: a name or an address; nil listens on every address of the machine.
    ///   - port: 0 lets the system choose one.
    /// - Throws: what bind(2) and listen(2) fail with, as an `IOError`, or a resolver's error for an unknown name.
    public static func start(
        host: String?, port: Int, gateway: Gateway, settings: FrontSettings, logger: Logger
    ) async throws -> HTTPFront {
        let eventLoop = gateway.eventLoop
        // The rules on origins need the port, which may be known only after binding; no connection is taken before.
        let desk = NIOLoopBoundBox<FrontDesk?>.makeBoxSendingValue(nil, eventLoop: eventLoop)
        let bootstrap = bootstrap(eventLoop, settings, logger) { desk.value }
        let channel: any Channel
        if let host {
            channel = try await bootstrap.bind(host: host, port: port).get()
        } else {
            channel = try await bindEverywhere(bootstrap, port: port)
        }
        guard let localAddress = channel.localAddress else {
            try await channel.close()
            throw ChannelError.unknownLocalAddress
        }
        let localNames = LocalNames.all()
        let hosts = HostRule(
            allowedHosts: settings.allowedHosts, publicHost: settings.publicAddress?.origin.host, boundHost: host,
            localNames: localNames)
        let origins = OriginRule(
            allowedOrigins: settings.allowedOrigins, publicOrigin: settings.publicAddress?.origin,
            ownNames: localNames, ownPort: localAddress.port)
        let bound = try await eventLoop.submit {
            let made = FrontDesk(gateway: gateway, settings: settings, hosts: hosts, origins: origins, logger: logger)
            desk.value = made
            return NIOLoopBound(made, eventLoop: eventLoop)
        }.get()
        try await channel.setOption(.autoRead, value: true).get()
        return HTTPFront(channel: channel, localAddress: localAddress, desk: bound)
    }

    /// Takes no more connections. Those that are open go on.
    public func stopAccepting() async {
        try? await channel.close()
    }

    /// Takes no more connections and ends those that are open: streams and idle ones at once, the others after the
    /// answer they wait for, but no later than after `grace`. Returns when all are closed.
    public func shutdown(grace: Duration = .zero) async {
        await stopAccepting()
        let drained = desk.eventLoop.flatSubmit { [desk] in desk.value.registry.drain(grace: TimeAmount(grace)) }
        try? await drained.get()
    }

    /// One socket for both families where the system has IPv6.
    private static func bindEverywhere(_ bootstrap: ServerBootstrap, port: Int) async throws -> any Channel {
        do {
            return try await bootstrap.bind(host: "::", port: port).get()
        } catch let error as IOError where error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL {
            return try await bootstrap.bind(host: "0.0.0.0", port: port).get()
        }
    }

    private static func bootstrap(
        _ eventLoop: any EventLoop, _ settings: FrontSettings, _ logger: Logger,
        desk: @escaping @Sendable () -> FrontDesk?
    ) -> ServerBootstrap {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.headerLimit
        limits.maxHeaderListSize = settings.headerLimit
        let decoderLimits = limits
        return ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            // A client that vanished without a word is noticed by the first bytes that it does not acknowledge.
            .childChannelOption(
                ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: TCP_USER_TIMEOUT)), value: 60_000
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let bytes = channel.remoteAddress?.bytes, !settings.admits(bytes) {
                        logger.log(.addressRefused)
                        return channel.close(promise: nil)
                    }
                    let pipeline = channel.pipeline.syncOperations
                    guard let desk = desk(), !desk.registry.isFull else {
                        return try pipeline.addHandler(OverloadHandler())
                    }
                    let traffic = TrafficMeter()
                    try pipeline.addHandler(traffic)
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(
                        ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoderLimits)))
                    try pipeline.addHandler(HTTPServerPipelineHandler())
                    try pipeline.addHandler(NIOHTTPResponseHeadersValidator())
                    try pipeline.addHandler(ConnectionHandler(front: desk, traffic: traffic))
                }
            }
    }
}
