/// Reads one entry of `mcpServers`. Its mistakes stay with the server, unless `panicIfInvalid` says otherwise.
struct ServerDecoder {
    let file: String
    let variables: VariableExpansion
    let inherited: InheritedOptions

    /// One server and what was found in its block.
    struct Outcome {
        var server: ServerConfiguration
        var findings: [Finding]
        /// Whether its mistakes stop the gateway.
        var stopsTheGateway: Bool
    }

    /// Decodes the first of `members`, which all have the same name; a second one is a mistake of that server.
    func decode(_ member: JSONMember, duplicates: [JSONMember]) -> Outcome {
        let findings = Findings(file: file)
        let path = "mcpServers".member(member.key)
        var server = ServerConfiguration(
            name: member.key, kind: .disabled, options: ServerOptions(inherited),
            probe: ProbeConfiguration(interval: inherited.pingInterval))
        var isDisabled = false
        if let section = Section(member.node, path: path, keys: .server, variables: variables, findings: findings) {
            isDisabled = decodeOptions(of: section, into: &server)
            decodeSettings(of: section, into: &server)
            if isDisabled, server.required {
                findings.warn(
                    section.keyPosition("required"),
                    "\(path).required has no effect beside \"disabled\": true; remove one of them")
            }
            if !isDisabled, let kind = kind(of: section, at: member.keyPosition) { server.kind = kind }
        }
        if let mistake = ServerName.mistake(in: member.key) {
            findings.error(member.keyPosition, "the server name \(member.key.quoted) \(mistake)")
        } else if let remark = ServerName.remark(on: member.key) {
            findings.warn(member.keyPosition, "the server name \(member.key.quoted) \(remark)")
        }
        for duplicate in duplicates {
            findings.error(
                duplicate.keyPosition,
                "the server \(member.key.quoted) stands twice, first at \(member.keyPosition.inWords); rename one of them"
            )
        }
        return outcome(server, isDisabled: isDisabled, findings: findings)
    }

    private func outcome(_ server: ServerConfiguration, isDisabled: Bool, findings: Findings) -> Outcome {
        guard let first = findings.firstError else {
            return Outcome(server: server, findings: findings.all, stopsTheGateway: false)
        }
        guard !isDisabled else {
            // It is not started, so nothing in it can go wrong yet.
            var softened = findings.all
            for index in softened.indices { softened[index].diagnostic.severity = .warning }
            return Outcome(server: server, findings: softened, stopsTheGateway: false)
        }
        var server = server
        server.kind = .invalid(reason: "\(first.location): \(first.message)")
        return Outcome(
            server: server, findings: findings.all, stopsTheGateway: server.options.panicIfInvalid)
    }

    /// Reads `options`; answers whether the server is disabled.
    private func decodeOptions(of section: Section, into server: inout ServerConfiguration) -> Bool {
        guard let options = section.section("options", keys: .serverOptions) else { return false }
        let own = OptionsDecoder.decode(options, over: inherited)
        server.options = ServerOptions(own)
        server.probe = ProbeConfiguration(interval: own.pingInterval)
        server.options.toolFilter = toolFilter(in: options)
        OptionsDecoder.remarkOnReconnecting(options)
        return options.bool("disabled") ?? false
    }

    private func toolFilter(in options: Section) -> ToolFilterConfiguration? {
        guard let section = options.section("toolFilter", keys: .toolFilter) else { return nil }
        let mode = section.word("mode", as: ToolFilterConfiguration.Mode.self)
        let list = section.strings("list")?.map(\.text)
        guard section.has("list"), list?.isEmpty != true else {
            section.findings.warn(
                section.position,
                "\(section.path) lists no tools and so hides none; fill \"list\", or remove the filter")
            return nil
        }
        if !section.has("mode") {
            section.findings.error(
                section.position, "\(section.path) has no \"mode\"; write \"mode\": \"allow\" or \"mode\": \"block\"")
        }
        guard let mode, let list else { return nil }
        return ToolFilterConfiguration(mode: mode, list: list)
    }

    private func decodeSettings(of section: Section, into server: inout ServerConfiguration) {
        server.required = section.bool("required") ?? server.required
        server.startTimeout = section.duration("startTimeout") ?? server.startTimeout
        server.stopTimeout = section.duration("stopTimeout") ?? server.stopTimeout
        let timeout = section.durationUnlessZero("timeout")
        if section.has("timeout"), section.has("callTimeout") {
            section.findings.warn(
                section.keyPosition("timeout"),
                "\(section.path).timeout has no effect beside \"callTimeout\", which means the same; remove it")
        }
        server.callTimeout = section.duration("callTimeout") ?? timeout ?? server.callTimeout
        server.era = section.word("era", as: ServerConfiguration.Era.self) ?? server.era
        if let restart = section.section("restart", keys: .restart) { server.restart = Self.restart(in: restart) }
        server.probe = probe(in: section, otherwise: server.probe)
        server.isolation = sharing(in: section)
        if let expose = section.section("expose", keys: .exposure) {
            server.exposure = AggregateDecoder.exposure(in: expose)
        }
        if section.has("oauth") {
            section.findings.error(
                section.keyPosition("oauth"),
                "\(section.path).oauth is not supported, the gateway does not log in to servers; put a token into \"headers\", for "
                    + "instance \"Authorization\": \"Bearer ${TOKEN}\"")
        }
    }

    private static func restart(in section: Section) -> RestartConfiguration {
        var restart = RestartConfiguration()
        // One of the two alone never contradicts the default of the other.
        let (initial, max) = (section.duration("initial"), section.duration("max"))
        restart.initial = initial ?? min(restart.initial, max ?? restart.max)
        restart.max = max ?? Swift.max(restart.max, restart.initial)
        restart.window = section.duration("window") ?? restart.window
        restart.attempts = section.integer("attempts", in: 1...10_000) ?? restart.attempts
        if restart.initial > restart.max {
            section.findings.error(
                section.keyPosition("initial"),
                "\(section.path).initial is longer than \"max\"; make it shorter, or \"max\" longer")
        }
        return restart
    }
}

extension ServerOptions {
    init(_ inherited: InheritedOptions) {
        self.init(
            panicIfInvalid: inherited.panicIfInvalid, logEnabled: inherited.logEnabled, authTokens: inherited.authTokens
        )
    }
}
