/// Reads `mcpProxy`. Any error in it stops the gateway: there is nothing sensible to start.
enum FrontDecoder {
    /// - Parameter servers: the names of the servers, for groups to refer to.
    static func decode(_ section: Section, servers: [String]) -> FrontConfiguration {
        var front = FrontConfiguration()
        front.baseURL = baseURL(in: section)
        front.addresses = addresses(in: section) ?? front.addresses
        front.name = name("name", in: section)
        front.version = name("version", in: section)
        front.type = section.word("type", as: FrontConfiguration.TransportType.self) ?? front.type
        if let options = section.section("options", keys: .frontOptions) {
            front.options = OptionsDecoder.decode(options, over: InheritedOptions())
            OptionsDecoder.remarkOnReconnecting(options)
            if let cors = options.section("cors", keys: .cors) {
                front.corsOrigins = patterns("origins", in: cors, check: AccessPattern.origin)
            }
        }
        front.allowedHosts = patterns("allowedHosts", in: section, check: AccessPattern.host)
        front.allowedNetworks = networks(in: section)
        if let admin = section.section("admin", keys: .admin) {
            front.adminTokens = OptionsDecoder.tokens("tokens", in: admin) ?? []
            front.page = admin.bool("page")
        }
        if section.durationUnlessZero("startupGracePeriod") != nil {
            section.findings.warn(
                section.keyPosition("startupGracePeriod"),
                "\(section.path).startupGracePeriod has no effect, nothing waits for a server but readiness; set "
                    + "\"required\" and \"startTimeout\" of the servers it is to wait for")
        }
        if let limits = section.section("limits", keys: .limits) { front.limits = Self.limits(in: limits) }
        if let aggregate = section.section("aggregate", keys: .aggregate) {
            front.aggregate = AggregateDecoder.aggregate(in: aggregate)
        }
        front.groups = AggregateDecoder.groups(in: section, servers: servers)
        if let openAPI = section.section("openapi", keys: .openAPI) {
            front.openAPI = self.openAPI(in: openAPI, besides: front.addresses)
        }
        return front
    }

    private static func baseURL(in section: Section) -> BaseURL? {
        guard let text = section.string("baseURL"), !text.isEmpty, let node = section.node("baseURL") else {
            return nil
        }
        do {
            return try BaseURL(parsing: text)
        } catch {
            section.findings.error(node.position, "\(section.path).baseURL \(error.message)")
            return nil
        }
    }

    /// More than one machine has uses for.
    private static let addressLimit = 16

    private static func addresses(in section: Section) -> [ListenAddress]? {
        guard let node = section.node("addr"), let entries = section.stringOrStrings("addr") else { return nil }
        if case .array(let elements) = node.value {
            guard (1...addressLimit).contains(elements.count) else {
                section.findings.error(
                    node.position,
                    "\(section.path).addr must hold 1 to \(addressLimit) addresses, not \(elements.count)")
                return nil
            }
        } else if entries.first?.text.isEmpty != false {
            // An empty text is none, as in TBXark's proxy.
            return nil
        }
        var addresses: [ListenAddress] = []
        for entry in entries {
            do throws(TextMistake) {
                let address = try ListenAddress(parsing: entry.text)
                guard !addresses.contains(address) else { throw TextMistake("stands twice; remove one of them") }
                addresses.append(address)
            } catch {
                section.findings.error(entry.position, "\(entry.path) \(error.message)")
            }
        }
        return addresses
    }

    private static func openAPI(in section: Section, besides own: [ListenAddress]) -> OpenAPIConfiguration {
        var openAPI = OpenAPIConfiguration()
        openAPI.isEnabled = section.bool("enabled") ?? openAPI.isEnabled
        openAPI.addresses = addresses(in: section) ?? []
        if let double = openAPI.addresses.first(where: { own.contains($0) && !$0.isChosenBySystem }) {
            section.findings.error(
                section.node("addr")?.position ?? section.position,
                "\(section.path).addr holds \(double), where the gateway listens already (addr); choose another port, "
                    + "or leave it out: there tools are below /openapi/")
        }
        openAPI.operationIDs =
            section.word("operationIds", as: OpenAPIConfiguration.OperationIDs.self) ?? openAPI.operationIDs
        return openAPI
    }

    private static func name(_ key: String, in section: Section) -> String? {
        section.string(key).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func patterns(
        _ key: String, in section: Section, check: (String) throws(TextMistake) -> String
    ) -> [String] {
        var patterns: [String] = []
        for (index, entry) in (section.strings(key) ?? []).enumerated() {
            do throws(TextMistake) {
                patterns.append(try check(entry.text))
            } catch {
                section.findings.error(entry.position, "\(section.path).\(key)[\(index)] \(error.message)")
            }
        }
        return patterns
    }

    private static func networks(in section: Section) -> [Network] {
        var networks: [Network] = []
        for (index, entry) in (section.strings("allowedNetworks") ?? []).enumerated() {
            let path = "\(section.path).allowedNetworks[\(index)]"
            do throws(TextMistake) {
                let (network, isExact) = try Network.parse(entry.text)
                networks.append(network)
                guard !isExact else { continue }
                section.findings.warn(
                    entry.position, "\(path) has bits beyond its prefix and is read as \"\(network)\"; write it so")
            } catch {
                section.findings.error(entry.position, "\(path) \(error.message)")
            }
        }
        return networks
    }

    /// The upper ends keep sums of limits far from overflow; the lower ends keep a gateway able to answer at all.
    private static func limits(in section: Section) -> Limits {
        let bytes = 1024...(1 << 40)
        let counts = 1...1_000_000
        var limits = Limits()
        limits.messageBytes = section.size("messageBytes", in: bytes) ?? limits.messageBytes
        limits.requestBodyBytes = section.size("requestBodyBytes", in: bytes) ?? limits.requestBodyBytes
        limits.headerBytes = section.size("headerBytes", in: 1024...(1 << 20)) ?? limits.headerBytes
        limits.inFlightPerSession = section.integer("inFlightPerSession", in: counts) ?? limits.inFlightPerSession
        limits.sessions = section.integer("sessions", in: counts) ?? limits.sessions
        limits.sessionIdle = section.duration("sessionIdle") ?? limits.sessionIdle
        limits.queueEvents = section.integer("queueEvents", in: counts) ?? limits.queueEvents
        limits.queueBytes = section.size("queueBytes", in: bytes) ?? limits.queueBytes
        limits.bufferedBytes = section.size("bufferedBytes", in: (1 << 20)...(1 << 40)) ?? limits.bufferedBytes
        limits.replayEvents = section.integer("replayEvents", in: counts) ?? limits.replayEvents
        limits.replayBytes = section.size("replayBytes", in: bytes) ?? limits.replayBytes
        limits.replayAge = section.duration("replayAge") ?? limits.replayAge
        limits.streamAge = section.durationUnlessZero("streamAge") ?? limits.streamAge
        limits.questionAge = section.duration("questionAge") ?? limits.questionAge
        limits.listens = section.integer("listens", in: counts) ?? limits.listens
        limits.listensPerToken = section.integer("listensPerToken", in: counts) ?? limits.listensPerToken
        limits.parkedCalls = section.integer("parkedCalls", in: counts) ?? limits.parkedCalls
        limits.parkedCallsPerToken = section.integer("parkedCallsPerToken", in: counts) ?? limits.parkedCallsPerToken
        limits.parkedCallAge = section.duration("parkedCallAge") ?? limits.parkedCallAge
        limits.requestsPerSecond = section.integer("requestsPerSecond", in: counts) ?? limits.requestsPerSecond
        limits.stderrLines = section.integer("stderrLines", in: counts) ?? limits.stderrLines
        limits.stderrLineBytes = section.size("stderrLineBytes", in: 64...(1 << 20)) ?? limits.stderrLineBytes
        return limits
    }
}
