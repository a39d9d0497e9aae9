internal import MCP
internal import Supervision

/// One server behind an endpoint for several.
struct AggregateMember {
    /// How it is reached alone; who may use it and what of it exists counts here as well.
    let route: Route
    /// How it appears among others.
    let exposure: Exposure
    let catalogue: Catalogue

    var server: String { route.name }

    /// What is known of its lists.
    var contents: CatalogueContents { catalogue.assumeIsolated { $0.contents } }

    /// Its part of merged lists.
    var lists: MergedLists.Member {
        let filter = route.toolFilter
        return MergedLists.Member(
            server: server, exposure: exposure, admits: { filter?.admits($0) ?? true }, lists: contents.lists)
    }

    /// Whether clients see the same of both.
    func looksLike(_ other: AggregateMember) -> Bool {
        server == other.server && route.callee === other.route.callee && route.access == other.route.access
            && route.toolFilter == other.route.toolFilter && route.guardedTools == other.route.guardedTools
            && exposure == other.exposure
    }

    /// Who the holder of a key is for this server, or `nil` if it does not let him in. What the gateway wants to know
    /// for itself is kept from nobody by that.
    func principal(of key: PrincipalKey) -> Principal? {
        key == .gateway ? .local : route.access.principal(of: key)
    }

    /// The headers of a client's request that go along to this server.
    func headers(among headers: [ForwardedHeader]) -> [ForwardedHeader] {
        guard !headers.isEmpty else { return [] }
        let names = Set(route.forwardedHeaders.map { $0.lowercased() })
        return headers.filter { names.contains($0.name.lowercased()) }
    }
}
