/// TBXark/mcp-proxy's first format, with `server` and `clients`, put into the form of the second.
///
/// It works on the tree of the file, before anything is expanded: what comes out decodes as a file of the second format,
/// every diagnostic names a place in the old file, and the new one can be printed. Unlike that proxy's own migration, it
/// keeps `panicIfInvalid`, `logEnabled` and the type of a streamable HTTP server.
enum FirstGeneration {
    /// The file in the second format, or `nil` if it holds nothing to be moved.
    ///
    /// As in TBXark's proxy, `server` counts only without `mcpProxy`, and `clients` only without servers in
    /// `mcpServers`.
    static func migrate(_ node: JSONNode) -> JSONNode? {
        guard case .object(var members) = node.value else { return nil }
        let hasProxy = members.first(ofKey: "mcpProxy") != nil
        let hasServers = members.first(ofKey: "mcpServers").map { $0.node.value != .object([]) } ?? false
        let server = hasProxy ? nil : members.first(ofKey: "server")
        let clients = hasServers ? nil : members.first(ofKey: "clients")
        guard server != nil || clients != nil else { return nil }
        if let clients {
            let tokens = tokens(of: server)
            // Every server with a list of its own gets a copy of the shared one: the product is bounded.
            guard clients.node.count * tokens.count <= 1_000_000 else { return nil }
            members.removeAll { $0.key == "mcpServers" }
            members.replace("clients", with: servers(from: clients, sharing: tokens))
        }
        if let server { members.replace("server", with: proxy(from: server)) }
        return JSONNode(position: node.position, value: .object(members))
    }

    /// `server` as `mcpProxy`: `globalAuthTokens` becomes an option.
    private static func proxy(from server: JSONMember) -> JSONMember {
        var proxy = server
        proxy.key = "mcpProxy"
        guard case .object(var members) = server.node.value else { return proxy }
        members.removeAll { $0.node.value == .null }
        if var tokens = members.first(ofKey: "globalAuthTokens") {
            tokens.key = "authTokens"
            members.replace("globalAuthTokens", with: .object("options", of: [tokens]))
        }
        proxy.node.value = .object(members)
        return proxy
    }

    private static func servers(from clients: JSONMember, sharing tokens: [JSONNode]) -> JSONMember {
        var servers = clients
        servers.key = "mcpServers"
        if case .object(let entries) = clients.node.value {
            servers.node.value = .object(entries.map { Self.server(from: $0, sharing: tokens) })
        }
        return servers
    }

    /// One entry of `clients`: what is in `config` moves up, and what is beside it moves into `options`.
    private static func server(from client: JSONMember, sharing tokens: [JSONNode]) -> JSONMember {
        guard case .object(let written) = client.node.value else { return client }
        var members: [JSONMember] = []
        var options: [JSONMember] = []
        for member in written {
            switch (member.key, member.node.value) {
            case ("type", _):
                members.append(JSONMember(key: "transportType", keyPosition: member.keyPosition, node: member.node))
            case ("config", .object(let settings)):
                members += settings
            case ("authTokens", .array(let own)) where !tokens.isEmpty:
                // Both lists let a client in. An empty one adds nothing to the shared list, which is inherited.
                guard !own.isEmpty else { continue }
                var both = member
                both.node.value = .array(own + tokens)
                options.append(both)
            case ("authTokens", _), ("panicIfInvalid", _), ("logEnabled", _):
                options.append(member)
            default:
                members.append(member)
            }
        }
        if !options.isEmpty { members.append(.object("options", of: options)) }
        var server = client
        server.node.value = .object(members)
        return server
    }

    private static func tokens(of server: JSONMember?) -> [JSONNode] {
        guard case .object(let members) = server?.node.value,
            case .array(let tokens) = members.first(ofKey: "globalAuthTokens")?.node.value
        else { return [] }
        return tokens
    }
}

extension JSONNode {
    /// How many members an object has.
    fileprivate var count: Int {
        if case .object(let members) = value { members.count } else { 0 }
    }
}

extension JSONMember {
    /// An object made of members that stood in another place, at the place of the first.
    fileprivate static func object(_ key: String, of members: [JSONMember]) -> JSONMember {
        let position = members.first?.keyPosition ?? .start
        return JSONMember(
            key: key, keyPosition: position, node: JSONNode(position: position, value: .object(members)))
    }
}

extension [JSONMember] {
    /// The first member of a key that is not null, which means absent.
    fileprivate func first(ofKey key: String) -> JSONMember? {
        first { $0.key == key && $0.node.value != .null }
    }

    /// Puts a member in the place of the first one of a key. Others of that key stay, for the decoder to remark on.
    fileprivate mutating func replace(_ key: String, with member: JSONMember) {
        guard let index = firstIndex(where: { $0.key == key && $0.node.value != .null }) else { return }
        self[index] = member
    }
}
