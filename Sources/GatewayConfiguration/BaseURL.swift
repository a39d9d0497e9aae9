/// The address that clients use, which may differ from where the gateway listens: the key `baseURL`.
public struct BaseURL: Sendable, Equatable {
    /// `http` or `https`; `nil` if the file gives a path only.
    public var scheme: String?
    /// `host` or `host:port`; `nil` if the file gives a path only.
    public var authority: String?
    /// What stands before `/NAME/sse`: empty, or a path that begins with a slash and does not end with one.
    public var pathPrefix: String

    /// Describes a base URL.
    public init(scheme: String?, authority: String?, pathPrefix: String) {
        self.scheme = scheme
        self.authority = authority
        self.pathPrefix = pathPrefix
    }

    /// An absolute http(s) URL as clients would be given it; `nil` if it is none that can stand in a configuration.
    public init?(absolute text: String) {
        guard let url = try? BaseURL(parsing: text), url.authority != nil else { return nil }
        self = url
    }

    /// Parses an absolute http(s) URL, or a path. Messages do not quote it: it may hold a password.
    init(parsing text: String) throws(TextMistake) {
        var path = Substring(text)
        var scheme: String?
        var authority: String?
        if let separator = text.range(of: "://") {
            scheme = text[..<separator.lowerBound].lowercased()
            guard scheme == "http" || scheme == "https" else {
                throw TextMistake("must begin with \"http://\" or \"https://\"")
            }
            let rest = text[separator.upperBound...]
            let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
            authority = rest[..<end].lowercased()
            path = rest[end...]
            try Self.check(authority: rest[..<end])
        } else if !text.hasPrefix("/") {
            throw TextMistake("must be a URL such as \"http://linuxserver.lan:9090\", or a path that begins with \"/\"")
        }
        guard !path.contains("?"), !path.contains("#") else {
            throw TextMistake("has a query or a fragment; end it after the path")
        }
        let segments = path.split(separator: "/")
        guard segments.allSatisfy({ $0.unicodeScalars.allSatisfy(\.canStandInPath) && $0 != "." && $0 != ".." }) else {
            throw TextMistake(
                "has a path with \".\", \"..\", \"%\" or a character that URLs escape; choose a plain path")
        }
        self.init(scheme: scheme, authority: authority, pathPrefix: segments.map { "/" + $0 }.joined())
    }

    private static func check(authority: Substring) throws(TextMistake) {
        guard !authority.contains("@") else {
            throw TextMistake("holds a user name; leave it out, clients send tokens")
        }
        var host = authority
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard UInt16(authority[authority.index(after: colon)...]) != nil else {
                throw TextMistake("has a port that is no number from 0 to 65535")
            }
            host = authority[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw TextMistake("has an IPv6 address without brackets; write \"http://[::1]:9090\"")
        }
        guard !host.isEmpty, host.unicodeScalars.allSatisfy(\.canStandInHost) else {
            throw TextMistake("has no proper host name; write it like \"http://linuxserver.lan:9090\"")
        }
    }
}

extension String {
    /// The first place where `other` stands in this string.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        indices.lazy.compactMap { self[$0...].hasPrefix(other) ? $0..<self.index($0, offsetBy: other.count) : nil }
            .first
    }
}
