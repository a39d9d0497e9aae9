internal import Curl
internal import Supervision

/// Which header fields go out with a request to a server, and which of several of one name.
///
/// What the protocol needs wins over what is configured, and that over what is passed on for one client.
struct RequestHeaders {
    /// They frame the message or belong to one connection (RFC 9110 §7.6.1, RFC 9112 §6), or would have answers
    /// compressed, events with them.
    private static let ofTheConnection: Set<String> = [
        "accept-encoding", "connection", "content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]
    /// They belong to MCP: "Transports" of 2025-11-25, and of 2026-07-28.
    private static let ofTheProtocol: Set<String> = [
        "accept", "content-type", "last-event-id", "mcp-method", "mcp-name", "mcp-protocol-version", "mcp-session-id",
    ]
    /// They say who a client is, or where it went: not for others (MCP "Authorization", access token privileges).
    private static let ofTheClient: Set<String> = [
        "authorization", "cookie", "cookie2", "forwarded", "host", "origin", "proxy-authorization", "referer",
        "set-cookie",
    ]

    private let configured: [HTTPField]
    private let configuredNames: Set<String>

    /// - Parameters:
    ///   - userAgent: sent unless the configuration has another.
    ///   - names: what the configuration calls them.
    /// - Throws: `UnusableEndpoint` when a configured name or value cannot stand in a request.
    init(
        configured: [String: String], userAgent: String, named names: SettingNames = .keys
    ) throws(UnusableEndpoint) {
        var fields: [HTTPField] = []
        for (name, value) in configured.sorted(by: { $0.key < $1.key }) {
            guard Self.isToken(name) else {
                throw UnusableEndpoint(reason: "a name in \(names.headers) cannot be sent: \(name.debugDescription)")
            }
            guard Self.isSendable(value) else {
                throw UnusableEndpoint(
                    reason: "the value of \"\(name)\" in \(names.headers) has a line break or NUL in it")
            }
            let lowered = name.lowercased()
            guard !Self.ofTheConnection.contains(lowered), !Self.isOfTheProtocol(lowered) else { continue }
            fields.append(HTTPField(name, value))
        }
        var names = Set(fields.map { $0.name.lowercased() })
        if !names.contains("user-agent") { fields.append(HTTPField("User-Agent", userAgent)) }
        names.insert("user-agent")
        self.configured = fields
        configuredNames = names
    }

    /// Whether the server gets to know who the gateway is.
    var haveCredentials: Bool { configuredNames.contains("authorization") }

    /// What must not be quoted, should the server repeat it.
    var secrets: [String] {
        configured.flatMap { field in
            // Of `Bearer TOKEN` the token alone is a secret, too.
            [field.value] + field.value.split(separator: " ").dropFirst().map(String.init)
        }
    }

    /// The fields of one request.
    ///
    /// - Parameters:
    ///   - own: what the protocol needs.
    ///   - forwarded: what is passed on for the client whose message this is.
    func fields(_ own: [HTTPField], forwarded: [ForwardedHeader] = []) -> [HTTPField] {
        var fields = own + configured
        for header in forwarded where mayPass(header) { fields.append(HTTPField(header.name, header.value)) }
        return fields
    }

    private func mayPass(_ header: ForwardedHeader) -> Bool {
        let name = header.name.lowercased()
        return Self.isToken(name) && Self.isSendable(header.value) && !configuredNames.contains(name)
            && !Self.ofTheConnection.contains(name) && !Self.isOfTheProtocol(name)
            && !Self.ofTheClient.contains(name)
    }

    private static func isOfTheProtocol(_ name: String) -> Bool {
        ofTheProtocol.contains(name) || name.hasPrefix("mcp-param-")
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// RFC 9110 §5.5: what would end the field early, or the whole head.
    private static func isSendable(_ value: String) -> Bool {
        !value.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
    }
}
