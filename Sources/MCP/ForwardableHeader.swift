/// Which headers of a client's request may ever go along to a server over HTTP. What a client shows the gateway is not
/// meant for the server behind it (MCP "Authorization", token passthrough), and what HTTP and MCP use themselves
/// belongs to one connection only.
public enum ForwardableHeader {
    /// Whether a header of this name may be forwarded if the configuration asks for it.
    public static func isAllowed(_ name: String) -> Bool {
        // Programs behind CGI cannot tell the one from the other.
        let name = String(name.lowercased().map { $0 == "_" ? "-" : $0 })
        return !forbidden.contains(name) && !forbiddenPrefixes.contains { name.hasPrefix($0) }
    }

    private static let forbidden: Set<String> = [
        "authorization", "proxy-authorization", "proxy-authenticate", "www-authenticate", "authentication-info",
        "cookie", "cookie2", "set-cookie", "set-cookie2",
        "host", "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
        "expect", "accept", "accept-encoding", "last-event-id", "origin", "referer", "forwarded", "via", "x-real-ip",
        "range", "date", "user-agent", "x-http-method-override", "x-http-method", "x-method-override",
    ]

    private static let forbiddenPrefixes = ["content-", "mcp-", "x-forwarded-", "access-control-", "sec-", "if-"]
}
