internal import GatewayCore
internal import Logging
internal import NIOCore

/// What all connections of one front share: the ladder, and who handles what it lets in. Lives on the event loop.
final class FrontDesk {
    let eventLoop: any EventLoop
    let settings: FrontSettings
    let ladder: RequestLadder
    let registry: ConnectionRegistry
    let logger: Logger
    let idleTimeout: TimeAmount
    let requestTimeout: TimeAmount
    private let pages: Pages
    private let legacy: LegacySSEEndpoint
    private let streamable: StreamableEndpoint

    var bodyLimit: Int { settings.bodyLimit }
    var headerLimit: Int { settings.headerLimit }

    init(gateway: Gateway, settings: FrontSettings, hosts: HostRule, origins: OriginRule, logger: Logger) {
        eventLoop = gateway.eventLoop
        self.settings = settings
        self.logger = logger
        idleTimeout = TimeAmount(settings.idleTimeout)
        requestTimeout = TimeAmount(settings.requestTimeout)
        ladder = RequestLadder(gateway: gateway, hosts: hosts, origins: origins, settings: settings)
        registry = ConnectionRegistry(eventLoop: gateway.eventLoop, settings: settings)
        pages = Pages(gateway: gateway, settings: settings)
        legacy = LegacySSEEndpoint(gateway: gateway, settings: settings)
        streamable = StreamableEndpoint(gateway: gateway, settings: settings, legacy: legacy)
    }

    /// Handles a request that is complete. The responder is used once, perhaps before this returns.
    func handle(_ request: AdmittedRequest, body: ByteBuffer, responder: Responder) {
        switch request {
        case .page(let page, let authorization):
            responder.respond(pages.response(to: page, authorization: authorization))
        case .legacyStream(let visit, let publicPath):
            legacy.open(visit, publicPath: publicPath, responder: responder)
        case .legacyMessage(let visit, let session):
            legacy.post(visit, session: session, body: body, responder: responder)
        case .streamablePost(let visit, let accept):
            streamable.post(visit, accept: accept, body: body, responder: responder)
        case .streamableGet(let visit):
            streamable.listen(visit, responder: responder)
        case .streamableDelete(let visit):
            streamable.delete(visit, responder: responder)
        }
    }
}
