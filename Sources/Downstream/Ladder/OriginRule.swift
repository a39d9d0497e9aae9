/// Which web pages may use the gateway (`Origin`, MCP 2025-11-25 "Streamable HTTP", security warning).
struct OriginRule: Sendable {
    private let patterns: [OriginPattern]
    private let ownNames: Set<String>
    private let ownPorts: Set<Int>
    private let publicOrigin: WebOrigin?

    /// - Parameters:
    ///   - allowedOrigins: the configuration's `cors.origins`.
    ///   - ownNames: the machine's own names, in lower case; their pages are trusted on `ownPorts` only.
    init(allowedOrigins: [String], publicOrigin: WebOrigin?, ownNames: Set<String>, ownPorts: Set<Int>) {
        patterns = allowedOrigins.map(OriginPattern.init)
        self.publicOrigin = publicOrigin
        self.ownNames = ownNames
        self.ownPorts = ownPorts
    }

    /// Whether a page of this origin may use the gateway.
    ///
    /// - Parameters:
    ///   - knownHost: the request's `Host` if it is a known one: a page of that origin is the gateway's own.
    ///   - trustsLoopback: whether pages of other programs on this machine may.
    func allows(_ text: String, knownHost: Authority?, trustsLoopback: Bool = true) -> Bool {
        let origin = WebOrigin(text)
        if let origin, origin.scheme == "http" || origin.scheme == "https" {
            if trustsLoopback && Self.loopback.contains(origin.host) || origin == publicOrigin { return true }
            if let knownHost, origin.isSame(as: knownHost) { return true }
            if let port = origin.port, ownPorts.contains(port), ownNames.contains(origin.host) { return true }
        }
        return patterns.contains { $0.matches(text, origin) }
    }

    /// Pages that this machine's user runs; on any port, because development servers take any.
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "::1"]
}
