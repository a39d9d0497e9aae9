/// Where clients see the gateway: the configuration's `baseURL`, e.g. `https://mcp.example.lan/tools`.
public struct PublicAddress: Sendable, Equatable {
    let origin: WebOrigin
    /// The path before the routes: empty, or with a leading and without a trailing slash.
    let path: String

    /// Reads a base URL. Returns nil unless it is `http://` or `https://` with a host; query and fragment are ignored.
    public init?(baseURL: String) {
        guard let (scheme, rest) = WebOrigin.split(baseURL), scheme == "http" || scheme == "https" else { return nil }
        let plain = rest.prefix { $0 != "?" && $0 != "#" }
        let slash = plain.firstIndex(of: "/") ?? plain.endIndex
        guard let origin = WebOrigin("\(scheme)://\(plain[..<slash])") else { return nil }
        self.origin = origin
        var path = plain[slash...]
        while path.hasSuffix("/") { path = path.dropLast() }
        self.path = String(path)
    }
}
