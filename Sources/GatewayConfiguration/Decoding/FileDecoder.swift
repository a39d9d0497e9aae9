/// Reads a whole file, once its syntax is known to be right.
struct FileDecoder {
    /// More servers than one machine runs. Each costs memory even if its block is empty.
    static let serverLimit = 1000

    private let file: String
    private let variables: VariableExpansion
    private(set) var configuration = Configuration()
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether something is wrong that stops the gateway.
    private(set) var isUnusable = false

    init(file: String, variables: VariableExpansion) {
        self.file = file
        self.variables = variables
    }

    mutating func decode(_ node: JSONNode) {
        let findings = Findings(file: file)
        if !reportFirstGeneration(node, findings: findings) {
            decodeTopLevel(node, findings: findings)
        }
        diagnostics += findings.diagnostics
        isUnusable = isUnusable || findings.diagnostics.containErrors
    }

    /// TBXark's first generation of files has `server` and `clients`, which mean nothing today.
    private func reportFirstGeneration(_ node: JSONNode, findings: Findings) -> Bool {
        guard case .object(let members) = node.value,
            !members.contains(where: { $0.key == "mcpProxy" || $0.key == "mcpServers" }),
            let old = members.first(where: { $0.key == "server" || $0.key == "clients" })
        else { return false }
        findings.error(
            old.keyPosition,
            "this is TBXark's first format (\"server\", \"clients\"), which is not read any more; rename \"server\" to "
                + "\"mcpProxy\" and \"clients\" to \"mcpServers\", move each \"config\" up one level, and move "
                + "\"panicIfInvalid\", \"logEnabled\" and \"authTokens\" into \"options\" (\"globalAuthTokens\" into "
                + "\"mcpProxy\": {\"options\": {\"authTokens\": […]}})")
        return true
    }

    private mutating func decodeTopLevel(_ node: JSONNode, findings: Findings) {
        guard let root = Section(node, path: "the file", keys: .file, variables: variables, findings: findings) else {
            return
        }
        if let proxy = root.node("mcpProxy") {
            let section = Section(proxy, path: "mcpProxy", keys: .front, variables: variables, findings: findings)
            if let section { configuration.front = FrontDecoder.decode(section) }
        } else {
            findings.warn(
                node.position,
                "the file has no \"mcpProxy\"; the gateway listens on \(configuration.front.address) only")
        }
        guard let servers = root.node("mcpServers") else {
            findings.error(node.position, "the file has no \"mcpServers\"; write \"mcpServers\": { \"NAME\": { … } }")
            return
        }
        guard case .object(let members) = servers.value else {
            findings.error(
                servers.position, "mcpServers must be an object, not \(servers.kindName); write { \"NAME\": { … } }")
            return
        }
        guard members.count <= Self.serverLimit else {
            findings.error(
                servers.position,
                "mcpServers holds \(members.count) servers, more than \(Self.serverLimit); spread them over several gateways"
            )
            return
        }
        if members.isEmpty {
            findings.warn(servers.position, "mcpServers is empty; the gateway has nothing to serve")
        }
        decodeServers(members)
    }

    private mutating func decodeServers(_ members: [JSONMember]) {
        let decoder = ServerDecoder(file: file, variables: variables, inherited: configuration.front.options)
        let groups = Dictionary(grouping: members, by: \.key)
        var seen: Set<String> = []
        for member in members where seen.insert(member.key).inserted {
            let duplicates = groups[member.key]?.dropFirst() ?? []
            let outcome = decoder.decode(member, duplicates: Array(duplicates))
            configuration.servers.append(outcome.server)
            diagnostics += outcome.diagnostics
            isUnusable = isUnusable || outcome.stopsTheGateway
        }
    }
}
