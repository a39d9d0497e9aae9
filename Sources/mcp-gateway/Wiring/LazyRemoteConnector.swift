internal import Curl
internal import NIOCore
internal import Supervision
internal import Synchronization
internal import Upstreams

/// Connects to servers elsewhere. The thread that speaks HTTP with them is started with the first: most gateways have
/// none, and a reload may bring one.
final class LazyRemoteConnector: UpstreamConnector {
    private struct Started {
        let client: HTTPClient
        let connector: RemoteConnector
    }

    private let gatewayName: String
    private let gatewayVersion: String
    private let started = Mutex<Started?>(nil)

    /// - Parameters:
    ///   - gatewayName: how the gateway calls itself in its `clientInfo`.
    ///   - gatewayVersion: its version there.
    init(gatewayName: String, gatewayVersion: String) {
        self.gatewayName = gatewayName
        self.gatewayVersion = gatewayVersion
    }

    func connect(
        to specification: ServerSpecification, on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection {
        do {
            return try connector().connect(to: specification, on: eventLoop, onEvent: onEvent)
        } catch {
            eventLoop.execute { onEvent(.ended(.notStarted(reason: "\(error)"), isPermanent: false)) }
            return NoConnection()
        }
    }

    func canStart(_ specification: ServerSpecification) -> Bool { true }

    /// Ends the thread, if it was started. To be called when the last connection has ended.
    func shutdown() {
        started.withLock { $0 }?.client.shutdown()
    }

    private func connector() throws -> RemoteConnector {
        try started.withLock { started in
            if let started { return started.connector }
            let client = try HTTPClient()
            let connector = RemoteConnector(
                client: client, gatewayName: gatewayName, gatewayVersion: gatewayVersion,
                userAgent: "\(Product.name)/\(Product.version)")
            started = Started(client: client, connector: connector)
            return connector
        }
    }
}

/// Stands for a connection that was never opened.
private struct NoConnection: UpstreamConnection {
    func send(_ message: ByteBuffer, context: CallContext) throws(UpstreamSendFailure) { throw .closed }
    func closeInput() {}
    func terminate() {}
    func kill() {}
}
