internal import Downstream
internal import GatewayConfiguration
internal import GatewayCore

extension FrontSettings {
    /// What the HTTP front must know of the configuration file.
    ///
    /// - Parameter control: what the admin API does, if the file has tokens for it.
    init(_ front: FrontConfiguration, _ control: any GatewayControl) {
        self.init()
        admin = AdminDoor(front, control)
        metrics = { control.metrics() }
        openAPI = front.openAPI.isEnabled ? OpenAPISettings(.below, front.openAPI) : nil
        publicAddress = front.baseURL.flatMap { PublicAddress(baseURL: $0.text) }
        allowedHosts = front.allowedHosts
        allowedOrigins = front.corsOrigins
        let networks = front.allowedNetworks
        if !networks.isEmpty { admits = { address in networks.contains { $0.contains(address) } } }
        bodyLimit = front.limits.requestBodyBytes
        headerLimit = front.limits.headerBytes
        streamQueueEvents = front.limits.queueEvents
        streamQueueBytes = front.limits.queueBytes
        bufferedBytes = front.limits.bufferedBytes
        replayEvents = front.limits.replayEvents
        replayBytes = front.limits.replayBytes
        replayAge = front.limits.replayAge
        streamAge = front.limits.streamAge
        stateless = StatelessLimits(
            listens: front.limits.listens, listensPerPrincipal: front.limits.listensPerToken,
            parkedCalls: front.limits.parkedCalls, parkedCallsPerPrincipal: front.limits.parkedCallsPerToken,
            parkedCallAge: front.limits.parkedCallAge)
        requestsPerSecond = front.limits.requestsPerSecond
        serverName = front.name ?? Product.name
        serverVersion = front.version ?? Product.version
    }
}

extension FrontSettings {
    /// The same for the addresses at which there is nothing but OpenAPI tools.
    init(openAPI front: FrontConfiguration, _ control: any GatewayControl) {
        self.init(front, control)
        admin = nil
        servesServers = false
        metrics = nil
        openAPI = OpenAPISettings(.everywhere, front.openAPI)
    }
}

extension OpenAPISettings {
    fileprivate init(_ place: Place, _ configuration: OpenAPIConfiguration) {
        let operationIDs: OperationIDs =
            switch configuration.operationIDs {
            case .mcpo: .mcpo
            case .plain: .plain
            }
        self.init(place, operationIDs: operationIDs)
    }
}

extension AdminDoor {
    /// `nil` if the admin API is not to be used over the network at all.
    fileprivate init?(_ front: FrontConfiguration, _ control: any GatewayControl) {
        let hasPage = front.page ?? true
        if !front.adminTokens.isEmpty {
            self.init(control, access: .tokens(AccessRules(tokens: front.adminTokens)), hasPage: hasPage)
        } else if hasPage {
            self.init(control, access: .readers(elsewhereToo: front.page == true), hasPage: true)
        } else {
            return nil
        }
    }
}

extension BaseURL {
    /// A path alone is one on this machine.
    fileprivate var text: String {
        "\(scheme ?? "http")://\(authority ?? "localhost")\(pathPrefix)"
    }
}
