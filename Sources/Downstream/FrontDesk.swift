internal import GatewayCore
internal import GatewayLog
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// What all connections of one front share: the ladder, and who handles what it lets in. Lives on the event loop.
final class FrontDesk {
    let eventLoop: any EventLoop
    let settings: FrontSettings
    let ladder: RequestLadder
    let registry: ConnectionRegistry
    let budget: BufferBudget
    let logger: Logger
    let idleTimeout: TimeAmount
    let requestTimeout: TimeAmount
    let writeTimeout: TimeAmount
    let discardTimeout: TimeAmount
    private var rate: RequestRate
    private var refusals: RefusalLog
    private let pages: Pages
    private let legacy: LegacySSEEndpoint
    private let streamable: StreamableEndpoint
    /// Serves the clients without sessions.
    let stateless: StatelessDesk
    private let admin: AdminEndpoint
    private let openAPI: OpenAPIEndpoint

    var bodyLimit: Int { settings.bodyLimit }
    var headerLimit: Int { settings.headerLimit }

    init(gateway: Gateway, settings: FrontSettings, hosts: HostRule, origins: OriginRule, logger: Logger) {
        eventLoop = gateway.eventLoop
        self.settings = settings
        self.logger = logger
        idleTimeout = TimeAmount(settings.idleTimeout)
        requestTimeout = TimeAmount(settings.requestTimeout)
        writeTimeout = TimeAmount(settings.writeTimeout)
        discardTimeout = TimeAmount(settings.discardTimeout)
        refusals = RefusalLog(logger: logger)
        rate = RequestRate(perSecond: settings.requestsPerSecond)
        let replays = ReplayStore(eventLoop: gateway.eventLoop, settings: settings)
        budget = BufferBudget(limit: settings.bufferedBytes, logger: logger, expendable: replays)
        replays.onGrowth = { [weak budget] in budget?.check() }
        ladder = RequestLadder(gateway: gateway, hosts: hosts, origins: origins, settings: settings)
        registry = ConnectionRegistry(eventLoop: gateway.eventLoop, settings: settings)
        pages = Pages(gateway: gateway, settings: settings)
        legacy = LegacySSEEndpoint(gateway: gateway, settings: settings)
        stateless = StatelessDesk(gateway, limits: settings.stateless)
        streamable = StreamableEndpoint(
            gateway: gateway, settings: settings, legacy: legacy, replays: replays, desk: stateless)
        admin = AdminEndpoint(gateway: gateway)
        openAPI = OpenAPIEndpoint(
            gateway: gateway, retryAfter: settings.retryAfter, pathless: PathlessTools(logger: logger))
    }

    /// Lets a request in, or says how it is answered at once.
    func admit(
        _ head: HTTPRequestHead, _ fields: RequestFields, from peer: Peer, memory: inout HostMemory,
        at now: NIODeadline
    ) -> RequestLadder.Admission {
        // Also one that comes too early is looked at: a page may read its answer, and the log names its route.
        var admission = ladder.climb(head, fields, from: peer, memory: &memory)
        let isLocal = peer.isOnThisMachine && !fields.isForwarded
        if !isLocal, let address = peer.address, let delay = rate.delay(of: address, at: now) {
            admission.outcome = .failure(.init(response: .tooManyRequests(perSecond: rate.perSecond, delay: delay)))
        }
        if admission.hasUnknownAdminToken {
            refusals.add(.adminRefused, [.address: "\(peer.addressText)"], at: now)
        }
        return admission
    }

    /// Somebody has connected who may not.
    func refuse(_ peer: SocketPeer?) {
        let fields: [LogField: Logger.MetadataValue]? = peer.map { [.user: "\($0.user)", .pid: "\($0.processID)"] }
        refusals.add(.peerRefused, fields ?? [:], at: .now())
    }

    /// Handles a request that is complete. The responder is used once, perhaps before this returns.
    func handle(_ request: AdmittedRequest, body: ByteBuffer, responder: Responder) {
        switch request {
        case .page(let page, let authorization):
            responder.respond(pages.response(to: page, authorization: authorization))
        case .asset(let asset):
            responder.respond(asset.response)
        case .admin(let request):
            admin.handle(request, body: body, responder: responder)
        case .openAPI(let request):
            openAPI.handle(request, body: body, responder: responder)
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
