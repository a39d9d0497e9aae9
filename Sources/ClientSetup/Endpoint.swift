/// What a client is connected to: one server of the gateway, or several together.
public struct Endpoint: Sendable, Equatable {
    /// What the client calls it; see `Endpoint.named`.
    public var name: String
    /// Where it is, over streamable HTTP.
    public var url: String
    /// The environment variable that holds its token where the client can read one; `nil` if it asks for none. Never a
    /// token.
    public var tokenVariable: String?

    /// Describes an endpoint.
    public init(name: String, url: String, tokenVariable: String? = nil) {
        self.name = name
        self.url = url
        self.tokenVariable = tokenVariable
    }

    /// The same endpoints under names that every client takes: letters, digits, `-` and `_`, and none twice.
    public static func named(_ endpoints: [Endpoint]) -> [Endpoint] {
        var taken: Set<String> = []
        return endpoints.map { endpoint in
            let plain = String(endpoint.name.unicodeScalars.map { $0.isPlain ? Character($0) : "-" })
            var name = plain
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(plain)-\(number)"
                number += 1
            }
            var endpoint = endpoint
            endpoint.name = name
            return endpoint
        }
    }

    /// `host:port` of its URL, the scheme's own port if it names none.
    var address: String {
        let isSecure = url.hasPrefix("https://")
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        let hasPort = authority.drop { $0 != "]" }.contains(":") || !authority.contains("]") && authority.contains(":")
        return hasPort ? String(authority) : "\(authority):\(isSecure ? 443 : 80)"
    }
}

extension Unicode.Scalar {
    fileprivate var isPlain: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self) || self == "-"
            || self == "_"
    }
}
