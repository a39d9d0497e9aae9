/// The value of an `Origin` header (RFC 6454 §7): `scheme://host[:port]`.
struct WebOrigin: Hashable, Sendable {
    let scheme: String
    let host: String
    /// The port; the scheme's own if none is written.
    let port: Int?

    /// Reads an origin. Returns nil for `null` and for anything that is none.
    init?(_ text: some StringProtocol) {
        guard let (scheme, rest) = Self.split(text), let authority = Authority(rest) else { return nil }
        self.scheme = scheme
        host = authority.host
        port = authority.port ?? Self.defaultPort(of: scheme)
    }

    /// Whether a browser would call `authority`, reached with this origin's scheme, the same origin.
    func isSame(as authority: Authority) -> Bool {
        host == authority.host && port == authority.port ?? Self.defaultPort(of: scheme)
    }

    /// Splits at `://`; the scheme comes in lower case.
    static func split(_ text: some StringProtocol) -> (scheme: String, rest: Substring)? {
        let whole = Substring(text)
        guard let colon = whole.firstIndex(of: ":"), whole[colon...].hasPrefix("://"), colon > whole.startIndex else {
            return nil
        }
        return (whole[..<colon].lowercased(), whole[colon...].dropFirst(3))
    }

    static func defaultPort(of scheme: String) -> Int? {
        switch scheme {
        case "http": 80
        case "https": 443
        default: nil
        }
    }
}
