/// What of the OpenAPI side a request's path names: a route, and something at it. Which of a tool and a page it is
/// depends on the method too, so that a tool may be called `docs`.
struct OpenAPITarget: Equatable, Sendable {
    /// What the log calls every request for it.
    static let label = "openapi"

    /// Where it is on a front that has other things besides, without slashes at the ends.
    static let root = "openapi"

    /// The name of the route; empty for all servers together.
    let route: String
    /// The last segment: a tool, `openapi.json` or `docs`. Empty at the root itself.
    let leaf: String

    /// What a path is below the root; `nil` if it is not.
    ///
    /// - Parameter path: percent-encoded, without a slash at its ends.
    static func rest(of path: Substring, in place: OpenAPISettings.Place) -> Substring? {
        switch place {
        case .everywhere: return path
        case .below:
            // Every request passes here.
            guard path.utf8.first == UInt8(ascii: "o"), path.utf8.starts(with: root.utf8) else { return nil }
            let rest = path.dropFirst(root.count)
            return rest.isEmpty ? rest : rest.first == "/" ? rest.dropFirst() : nil
        }
    }

    /// Reads a path. In a tool's name may be anything that is encoded, a slash too; those between are the route's.
    ///
    /// - Returns: `nil` if it is malformed.
    init?(_ path: Substring) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let last = slash.map { path[path.utf8.index(after: $0)...] } ?? path
        guard let route = PercentEncoding.decode(slash.map { path[..<$0] } ?? ""),
            let leaf = PercentEncoding.decodeName(last)
        else { return nil }
        self.route = route
        self.leaf = leaf
    }

    /// Whether it is the OpenAPI document, if it is asked for with GET.
    var isDocument: Bool { leaf == "openapi.json" }

    /// Whether it is the page for people, if it is asked for with GET.
    var isPage: Bool { leaf == "docs" || leaf == "redoc" || (leaf.isEmpty && route.isEmpty) }
}
