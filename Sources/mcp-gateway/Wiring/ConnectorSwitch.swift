internal import GatewayCore
internal import NIOCore
internal import Supervision
internal import Upstreams

/// Opens each connection with the connector for its kind of server.
struct ConnectorSwitch: UpstreamConnector {
    let stdio: StdioConnector
    let remote: LazyRemoteConnector
    let builtin: BuiltinConnector

    func connect(
        to specification: ServerSpecification, on eventLoop: any EventLoop,
        onEvent: @escaping @Sendable (UpstreamEvent) -> Void
    ) -> any UpstreamConnection {
        connector(for: specification).connect(to: specification, on: eventLoop, onEvent: onEvent)
    }

    func canStart(_ specification: ServerSpecification) -> Bool {
        connector(for: specification).canStart(specification)
    }

    private func connector(for specification: ServerSpecification) -> any UpstreamConnector {
        switch specification.launch {
        case .builtin: builtin
        case .remote: remote
        case .process, .unavailable, .disabled: stdio
        }
    }
}
