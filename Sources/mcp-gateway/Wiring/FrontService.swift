internal import Downstream
internal import GatewayCore
internal import GatewayLog
internal import Logging
internal import NIOCore
internal import ServiceLifecycle

/// Serves clients over HTTP until the process is told to stop, and then lets the requests that are being answered
/// come to their end.
struct FrontService: Service {
    /// How long a request may go on after the process was told to stop.
    static let grace = Duration.seconds(5)

    /// How long after that the last answers may take to leave.
    static let lastAnswers = Duration.seconds(1)

    let front: HTTPFront
    let gateway: Gateway
    /// What to tell a person about connecting a client, given the address that is listened on.
    let hint: @Sendable (_ listening: String) -> String?
    let stopping: @Sendable () -> Void
    let logger: Logger

    func run() async throws {
        let url = front.localAddress.url
        logger.log(.gatewayListening, [.url: "\(url)"])
        if let hint = hint(url) { logger.log(.clientHint, [.command: "\(hint)"]) }
        await gateway.listenerIsUp()
        try? await gracefulShutdown()
        stopping()
        await gateway.beginClosing(grace: Self.grace)
        await front.shutdown(grace: Self.grace + Self.lastAnswers)
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
