/// Where an http or https URL leads, and with it who answers: scheme, host and port (RFC 6454 §4).
public struct HTTPOrigin: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// The host in lower case, an IPv6 address in brackets.
    public let host: String
    /// The port, which is the one of the scheme unless the URL says another.
    public let port: Int

    /// `https://host:port`. Safe for logs.
    public var description: String { "\(scheme)://\(host):\(port)" }

    /// Host and port as a URL has them, without the port of the scheme.
    var authority: String {
        port == (scheme == "https" ? 443 : 80) ? host : "\(host):\(port)"
    }
}
