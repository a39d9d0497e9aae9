public import GatewayCore
internal import GatewayLog
public import Logging
public import NIOCore
internal import NIOHTTP1

/// The gateway's HTTP side: its listening sockets and the connections that come in through them.
public final class HTTPFront: Sendable {
    /// The addresses it listens on, in the order asked for, with the ports that the system chose if none was asked for.
    public var localAddresses: [SocketAddress] { listeners.addresses }
    private let listeners: Listeners
    private let desk: NIOLoopBound<FrontDesk>

    private init(listeners: Listeners, desk: NIOLoopBound<FrontDesk>) {
        self.listeners = listeners
        self.desk = desk
    }

    /// Listens for clients of `gateway`, on the gateway's event loop.
    ///
    /// - Throws: `ListenFailure` if one of the points cannot be listened on; then none is.
    public static func start(
        at points: [ListenPoint], gateway: Gateway, settings: FrontSettings, logger: Logger
    ) async throws -> HTTPFront {
        let eventLoop = gateway.eventLoop
        // The rules on origins need the ports, which may be known only after binding; no connection is taken before.
        let desk = NIOLoopBoundBox<FrontDesk?>.makeBoxSendingValue(nil, eventLoop: eventLoop)
        let listeners = try await Listeners.open(points, on: eventLoop) { channel in
            channel.eventLoop.makeCompletedFuture { try prepare(channel, desk.value, settings, logger) }
        }
        let localNames = LocalNames.all()
        let hosts = HostRule(
            allowedHosts: settings.allowedHosts, publicHost: settings.publicAddress?.origin.host,
            boundHosts: points.compactMap(\.host), localNames: localNames)
        let origins = OriginRule(
            allowedOrigins: settings.allowedOrigins, publicOrigin: settings.publicAddress?.origin,
            ownNames: localNames, ownPorts: Set(listeners.addresses.compactMap(\.port)))
        let bound = try await eventLoop.submit {
            let made = FrontDesk(gateway: gateway, settings: settings, hosts: hosts, origins: origins, logger: logger)
            desk.value = made
            return NIOLoopBound(made, eventLoop: eventLoop)
        }.get()
        try await listeners.accept()
        return HTTPFront(listeners: listeners, desk: bound)
    }

    /// Takes no more connections. Those that are open go on.
    public func stopAccepting() async {
        await listeners.close()
    }

    /// Takes no more connections and ends those that are open, each after the answers that are due on it. Returns when
    /// all are closed.
    ///
    /// - Parameters:
    ///   - grace: how long a request that has begun may go on; then it is refused if it has not come completely.
    ///   - lastAnswers: how long after that the answers to the others may take; then all are closed.
    public func shutdown(grace: Duration = .zero, lastAnswers: Duration = .zero) async {
        await stopAccepting()
        let drained = desk.eventLoop.flatSubmit { [desk] in
            // Their answers would never be due otherwise.
            desk.value.stateless.closeAll()
            return desk.value.registry.drain(grace: TimeAmount(grace), lastAnswers: TimeAmount(lastAnswers))
        }
        try? await drained.get()
    }

    private static func prepare(
        _ channel: any Channel, _ desk: FrontDesk?, _ settings: FrontSettings, _ logger: Logger
    ) throws {
        if let bytes = channel.remoteAddress?.bytes, !settings.admits(bytes) {
            logger.log(.addressRefused)
            return channel.close(promise: nil)
        }
        let pipeline = channel.pipeline.syncOperations
        if let admitsPeer = settings.admitsPeer, case .unixDomainSocket = channel.localAddress {
            let peer = try pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                SocketPeer(descriptor: $0)
            }
            guard let peer = peer.flatMap(\.self), admitsPeer(peer) else {
                desk?.refuse(peer.flatMap(\.self))
                return try pipeline.addHandler(StrangerHandler())
            }
        }
        guard let desk, !desk.registry.isFull else { return try pipeline.addHandler(OverloadHandler()) }
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.headerLimit
        limits.maxHeaderListSize = settings.headerLimit
        let traffic = TrafficMeter()
        try pipeline.addHandler(traffic)
        try pipeline.addHandler(HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
        try pipeline.addHandler(HTTPServerPipelineHandler())
        try pipeline.addHandler(NIOHTTPResponseHeadersValidator())
        try pipeline.addHandler(ConnectionHandler(front: desk, traffic: traffic))
    }
}
