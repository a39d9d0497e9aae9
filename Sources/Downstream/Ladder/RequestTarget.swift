/// What a request asks for: the request line's target, read.
struct RequestTarget: Equatable, Sendable {
    enum Destination: Equatable, Sendable {
        /// `/NAME/sse`, `/NAME/message` or `/NAME/mcp`, if there is such a server or `group/NAME`; without a name, all
        /// servers together.
        case server(name: String, Endpoint)
        /// One of the gateway's own pages.
        case page(Page)
        /// Something of the admin API, which does not exist everywhere.
        case admin(AdminTarget)
        /// A file of the page for operators, which does not exist everywhere.
        case asset(PageAsset)
        /// Nothing that exists.
        case unknown
    }

    enum Endpoint: String, Sendable {
        case sse
        case message
        case mcp
    }

    enum Page: String, Sendable {
        /// `/`: what this is; for browsers the page for operators, where that exists.
        case summary
        /// `/livez` and TBXark's `/_healthz`: the process runs.
        case livez
        /// `/readyz` and TBXark's `/_readyz`: the required servers can be called.
        case readyz
        /// `/healthz`: how every server stands.
        case healthz
        /// `/.well-known/…`: nothing, but clients look there.
        case wellKnown
    }

    /// What the log calls every request for the admin API.
    static let adminLabel = "admin"

    let destination: Destination
    /// Whether the path began with the prefix of the public address.
    let isPrefixed: Bool
    /// The query, without its question mark and not decoded.
    let query: Substring
    /// The authority of an absolute target (`GET http://host/path`), which overrides the `Host` field.
    let authority: Substring?

    /// Reads the target of a request line. Returns nil when it is malformed.
    init?(_ uri: String, prefix: String) {
        var rest = uri[...]
        var authority: Substring?
        if rest.utf8.first != UInt8(ascii: "/"), let (scheme, absolute) = WebOrigin.split(rest) {
            guard scheme == "http" || scheme == "https" else { return nil }
            let end = absolute.firstIndex { $0 == "/" || $0 == "?" } ?? absolute.endIndex
            authority = absolute[..<end]
            rest = absolute[end...]
            if rest.utf8.first != UInt8(ascii: "/") { rest = "/" + rest }
        }
        self.authority = authority
        guard rest.utf8.first == UInt8(ascii: "/") else { return nil }
        var path = rest
        if let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) {
            path = rest[..<mark]
            query = rest[rest.utf8.index(after: mark)...]
        } else {
            query = ""
        }
        if let rest = Self.strip(prefix, from: path) {
            isPrefixed = true
            path = rest
        } else {
            isPrefixed = false
        }
        path = Substring(path.utf8.dropFirst())
        if path.utf8.last == UInt8(ascii: "/") { path = Substring(path.utf8.dropLast()) }
        if let target = AdminTarget(path: path) {
            destination = .admin(target)
            return
        }
        guard let decoded = Self.decode(path) else { return nil }
        destination = Self.destination(of: decoded)
    }

    /// The value of the first of `keys` that the query has. Returns nil when there is none, or it is malformed.
    func queryValue(_ keys: [String]) -> String? {
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, keys.contains(String(parts[0])) else { continue }
            return PercentEncoding.decode(parts[1])
        }
        return nil
    }

    private static func strip(_ prefix: String, from path: Substring) -> Substring? {
        guard !prefix.isEmpty, path.utf8.starts(with: prefix.utf8) else { return nil }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/") ? Substring(rest) : nil
    }

    private static func decode(_ path: Substring) -> Substring? {
        guard path.utf8.contains(UInt8(ascii: "%")) else { return path }
        return PercentEncoding.decode(path).map { $0[...] }
    }

    /// - Parameter path: without a slash at its ends.
    private static func destination(of path: Substring) -> Destination {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            return endpoint(path).map { .server(name: "", $0) } ?? page(path)
        }
        if path.utf8.starts(with: ".well-known/".utf8) { return .page(.wellKnown) }
        if let asset = PageAsset(path: path) { return .asset(asset) }
        let endpoint = endpoint(path[path.utf8.index(after: slash)...])
        return endpoint.map { .server(name: String(path[..<slash]), $0) } ?? .unknown
    }

    /// Compared with literals, because every request passes here.
    private static func endpoint(_ segment: Substring) -> Endpoint? {
        switch segment.utf8.count {
        case 3 where segment.utf8.elementsEqual("mcp".utf8): .mcp
        case 3 where segment.utf8.elementsEqual("sse".utf8): .sse
        case 7 where segment.utf8.elementsEqual("message".utf8): .message
        default: nil
        }
    }

    private static func page(_ path: Substring) -> Destination {
        switch path {
        case "": .page(.summary)
        case "livez", "_healthz": .page(.livez)
        case "readyz", "_readyz": .page(.readyz)
        case "healthz": .page(.healthz)
        case ".well-known": .page(.wellKnown)
        default: .unknown
        }
    }
}
