/// Where the gateway listens: one address of the key `addr`.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A TCP port. The host is a name or an address without brackets, `nil` means all interfaces; port 0 lets the system
    /// choose one.
    case tcp(host: String?, port: Int)
    /// A unix socket, with the absolute path of its file.
    case unix(path: String)

    /// Where it listens if nothing is said.
    public static let standard = ListenAddress.tcp(host: "127.0.0.1", port: 9090)

    /// The address as the file spells it.
    public var description: String {
        switch self {
        case .tcp(let host?, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .tcp(nil, let port): ":\(port)"
        case .unix(let path): "\(Self.unixPrefix)\(path)"
        }
    }

    /// Whether two of them may be spelled the same and be different.
    var isChosenBySystem: Bool {
        if case .tcp(_, port: 0) = self { true } else { false }
    }

    /// Parses `host:port`, `[address]:port` or `:port`, as Go's `net.Listen` takes them, or `unix:/path`.
    init(parsing text: String) throws(TextMistake) {
        if text.hasPrefix(Self.unixPrefix) {
            self = try .unix(path: Self.path(String(text.dropFirst(Self.unixPrefix.count))))
        } else {
            let (host, port) = try Self.endpoint(text)
            self = .tcp(host: host, port: port)
        }
    }

    private static let unixPrefix = "unix:"

    /// The longest path of a socket's file, in bytes: NIO takes no more; unix(7) would take 107.
    private static let pathLimit = 103

    private static func path(_ path: String) throws(TextMistake) -> String {
        guard path.hasPrefix("/"), !path.hasPrefix("//") else {
            throw TextMistake(
                "needs an absolute path after \"unix:\", for instance \"unix:/run/mcp-gateway/http.sock\"")
        }
        guard !path.hasSuffix("/") else { throw TextMistake("is a directory; name the socket's file in it") }
        guard path.utf8.count <= pathLimit else {
            throw TextMistake(
                "has a path of more than \(pathLimit) bytes, which no socket can have; choose a shorter one")
        }
        return path
    }

    private static func endpoint(_ text: String) throws(TextMistake) -> (host: String?, port: Int) {
        guard !text.contains("://") else {
            throw TextMistake("is a URL; write host:port, for instance \"127.0.0.1:9090\"")
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw TextMistake(
                text.allSatisfy(\.isNumber)
                    ? "has no colon before the port; write it like \":9090\""
                    : "has no port; write it like \"localhost:9090\"")
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else {
                throw TextMistake("has brackets around what is no IPv6 address; remove them")
            }
        } else if host.contains(":") {
            throw TextMistake("is an IPv6 address without brackets; write \"[::1]:9090\"")
        }
        guard host != "*" else { throw TextMistake("has \"*\" as its host; leave it out to listen on all interfaces") }
        guard host.unicodeScalars.allSatisfy(\.canStandInHost) else {
            throw TextMistake("has a character that no host name holds; write host:port")
        }
        let digits = text[text.index(after: colon)...]
        guard let port = UInt16(digits), digits.first != "+" else {
            throw TextMistake("needs a port from 0 to 65535 after the colon, for instance \"127.0.0.1:9090\"")
        }
        return (host.isEmpty ? nil : String(host), Int(port))
    }
}
