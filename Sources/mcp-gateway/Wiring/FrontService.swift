internal import Downstream
internal import GatewayConfiguration
internal import GatewayCore
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Serves clients over HTTP until the process is told to stop, and then lets the requests that are being answered
/// come to their end.
struct FrontService: Service {
    /// How long a request may go on after the process was told to stop.
    static let grace = Duration.seconds(5)

    let address: ListenAddress
    let gateway: Gateway
    let settings: FrontSettings
    /// What to tell a person about connecting a client, given the address that is listened on.
    let hint: @Sendable (_ listening: String) -> String?
    let stopping: @Sendable () -> Void
    let logger: Logger

    func run() async throws {
        let front = try await HTTPFront.start(
            host: address.host, port: address.port, gateway: gateway, settings: settings, logger: logger)
        logger.info("listening on \(front.localAddress.url)")
        if let hint = hint(front.localAddress.url) { logger.info("to connect a client: \(hint)") }
        await gateway.listenerIsUp()
        try? await gracefulShutdown()
        stopping()
        await front.shutdown(grace: Self.grace)
        await gateway.closeAllSessions()
    }
}

extension SocketAddress {
    /// The address as the beginning of a URL.
    fileprivate var url: String {
        let host = ipAddress ?? "localhost"
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port ?? 0)"
    }
}
