/// One entry of `cors.origins`: an origin, with `*` allowed for the port (`http://linuxserver.lan:*`), for the first
/// labels of the host (`https://*.example.com`), or for everything (`*`).
enum OriginPattern: Sendable, Equatable {
    /// `*`: every origin, also `null`.
    case any
    /// Matched letter by letter: `null`, or a scheme that has no host and port.
    case text(String)
    /// A web origin.
    case web(scheme: String, host: Host, port: Port)

    enum Host: Sendable, Equatable {
        case exactly(String)
        /// Any name that ends in this, which begins with a dot.
        case below(String)
    }

    enum Port: Sendable, Equatable {
        case any
        case exactly(Int?)
    }

    init(_ entry: String) {
        self = entry == "*" ? .any : Self.web(entry) ?? .text(entry.lowercased())
    }

    private static func web(_ entry: String) -> OriginPattern? {
        guard let (scheme, rest) = WebOrigin.split(entry) else { return nil }
        var host = rest.hasSuffix("/") ? rest.dropLast() : rest
        var port: Port?
        if host.hasSuffix(":*") {
            host = host.dropLast(2)
            port = .any
        }
        let isBelow = host.hasPrefix("*.")
        if isBelow { host = host.dropFirst(2) }
        guard let authority = Authority(host) else { return nil }
        return .web(
            scheme: scheme,
            host: isBelow ? .below("." + authority.host) : .exactly(authority.host),
            port: port ?? .exactly(authority.port ?? WebOrigin.defaultPort(of: scheme)))
    }

    /// Whether `text`, read as `origin` if it is a web origin, is meant by this pattern.
    func matches(_ text: String, _ origin: WebOrigin?) -> Bool {
        switch self {
        case .any:
            return true
        case .text(let expected):
            return text.lowercased() == expected
        case .web(let scheme, let host, let port):
            guard let origin, origin.scheme == scheme else { return false }
            let hostMatches =
                switch host {
                case .exactly(let name): origin.host == name
                case .below(let suffix): origin.host.hasSuffix(suffix)
                }
            let portMatches =
                switch port {
                case .any: true
                case .exactly(let number): origin.port == number
                }
            return hostMatches && portMatches
        }
    }
}
