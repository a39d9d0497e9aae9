/// Reads a whole file, once its syntax is known to be right.
struct FileDecoder {
    /// More servers than one machine runs. Each costs memory even if its block is empty.
    static let serverLimit = 1000

    private let file: String
    private let variables: VariableExpansion
    private(set) var configuration = Configuration()
    private(set) var findings: [Finding] = []
    /// Whether something is wrong that stops the gateway.
    private(set) var isUnusable = false

    init(file: String, variables: VariableExpansion) {
        self.file = file
        self.variables = variables
    }

    mutating func decode(_ node: JSONNode) {
        let findings = Findings(file: file)
        decodeTopLevel(migrated(node, findings: findings), findings: findings)
        self.findings += findings.all
        isUnusable = isUnusable || findings.firstError != nil
    }

    /// A file of TBXark's first format decodes as if it had been migrated.
    private func migrated(_ node: JSONNode, findings: Findings) -> JSONNode {
        guard let migrated = FirstGeneration.migrate(node), case .object(let members) = node.value,
            case .object(let rest) = migrated.value
        else { return node }
        // What is still there was not taken, and is reported as an unknown key.
        if let old = members.first(where: { ["server", "clients"].contains($0.key) && !rest.contains($0) }) {
            findings.warn(
                old.keyPosition,
                "this is TBXark's first format (\"server\", \"clients\"), which is read as the second (\"mcpProxy\", "
                    + "\"mcpServers\"); \"mcp-gateway check-config \(file)\" prints it in the second, replace it by that"
            )
        }
        return migrated
    }

    private mutating func decodeTopLevel(_ node: JSONNode, findings: Findings) {
        guard let root = Section(node, path: "the file", keys: .file, variables: variables, findings: findings) else {
            return
        }
        if let proxy = root.node("mcpProxy") {
            let section = Section(proxy, path: "mcpProxy", keys: .front, variables: variables, findings: findings)
            if let section { configuration.front = FrontDecoder.decode(section, servers: root.keys(of: "mcpServers")) }
        } else {
            findings.warn(
                node.position,
                "the file has no \"mcpProxy\"; the gateway listens on \(ListenAddress.standard) only")
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
            findings += outcome.findings
            isUnusable = isUnusable || outcome.stopsTheGateway
        }
    }
}
