internal import CCurl
internal import Glibc

/// An absolute http or https URL, read as libcurl reads it, so that what is checked is what is connected to.
public struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
    /// The whole, with userinfo and query, without a fragment. Not for logs.
    public let text: String
    /// Where it leads.
    public let origin: HTTPOrigin
    /// The path, beginning with a slash, still percent-encoded.
    public let path: String

    /// What follows the question mark, still percent-encoded.
    let query: String?
    /// What stands before the host, still percent-encoded: `user` or `user:password`.
    let userinfo: String?

    /// Reads a URL. Characters outside of ASCII in path and query are percent-encoded; dot segments are removed.
    public init(_ text: String) throws(HTTPURLError) {
        let parts = try URLParts(text)
        let host = parts.host
        // What libcurl makes of such names depends on the locale.
        guard host.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw .malformed("its host name is not ASCII; write it in the form that begins with xn--")
        }
        let defaultPort = parts.scheme == "https" ? 443 : 80
        let password = parts[CURLUPART_PASSWORD].map { ":\($0)" } ?? ""
        self.init(
            origin: HTTPOrigin(
                scheme: parts.scheme, host: host, port: parts[CURLUPART_PORT].flatMap { Int($0) } ?? defaultPort),
            userinfo: parts[CURLUPART_USER].map { $0 + password },
            path: parts[CURLUPART_PATH] ?? "/",
            query: parts[CURLUPART_QUERY])
    }

    init(origin: HTTPOrigin, userinfo: String?, path: String, query: String?) {
        self.origin = origin
        self.userinfo = userinfo
        self.path = path
        self.query = query
        let authority = "\(userinfo.map { "\($0)@" } ?? "")\(origin.authority)"
        text = "\(origin.scheme)://\(authority)\(path)\(query.map { "?\($0)" } ?? "")"
    }

    /// Without userinfo, query and fragment: safe for logs.
    public var description: String { "\(origin.scheme)://\(origin.authority)\(path)" }

    /// Whether it leads to this machine by its name: `localhost` or a name below it (RFC 6761 §6.3), 127.0.0.0/8, ::1.
    public var isLoopback: Bool {
        let host = origin.host
        if host.hasPrefix("[") {
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else { return false }
            return withUnsafeBytes(of: address) { $0.last == 1 && $0.dropLast().allSatisfy { $0 == 0 } }
        }
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 {
            return withUnsafeBytes(of: address) { $0.first == 127 }
        }
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        return name == "localhost" || name.hasSuffix(".localhost")
    }
}
