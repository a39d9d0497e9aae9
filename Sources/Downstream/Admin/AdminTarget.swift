internal import NIOHTTP1

/// What of the admin API a request asks for: the path below `/api/v1/`.
enum AdminTarget: Equatable, Sendable {
    /// What may be ordered of a server.
    enum Order: String, Sendable {
        case start
        case stop
        case restart
    }

    /// `version`: which program it is.
    case version
    /// `status`: how the gateway and every server stand.
    case status
    /// `servers`: how every server stands.
    case servers
    /// `servers/NAME`: all that is known of one.
    case server(String)
    /// `servers/NAME/stderr`: the last lines that it wrote there, or as a stream those to come as well.
    case standardError(String)
    /// `servers/NAME/tools`: its tools.
    case tools(String)
    /// `servers/NAME/clients`: what connects clients to it.
    case clients(String)
    /// `servers/NAME/call`: calls a tool.
    case call(String)
    /// `servers/NAME/start` and the like.
    case order(String, Order)
    /// `reload`: reads the configuration again.
    case reload
    /// `events`: a stream of what happens.
    case events
    /// Nothing that exists.
    case unknown

    /// Where all of it is, without slashes at the ends.
    static let root = "api/v1"

    /// Reads a path.
    ///
    /// - Parameter path: percent-encoded, without a slash at its ends. A slash in a server's name is encoded in it.
    /// - Returns: `nil` if it is none of the admin API.
    init?(path: Substring) {
        guard path.utf8.starts(with: Self.root.utf8) else { return nil }
        let rest = path.dropFirst(Self.root.count)
        guard rest.isEmpty || rest.first == "/" else { return nil }
        let segments = rest.split(separator: "/").map { PercentEncoding.decode($0, allowsSlash: true) ?? "" }
        switch segments.count {
        case 1: self = Self.single[segments[0]] ?? .unknown
        case 2 where segments[0] == "servers": self = .server(segments[1])
        case 3 where segments[0] == "servers": self = Self.part(segments[2], of: segments[1])
        default: self = .unknown
        }
    }

    /// The only method that it answers.
    var method: HTTPMethod {
        switch self {
        case .version, .status, .servers, .server, .standardError, .tools, .clients, .events, .unknown: .GET
        case .call, .order, .reload: .POST
        }
    }

    /// Whether its body is of any use.
    var hasBody: Bool {
        switch self {
        case .call: true
        case .version, .status, .servers, .server, .standardError, .tools, .clients, .events, .order, .reload, .unknown:
            false
        }
    }

    private static let single: [String: AdminTarget] = [
        "version": .version, "status": .status, "servers": .servers, "reload": .reload, "events": .events,
    ]

    private static func part(_ part: String, of server: String) -> AdminTarget {
        switch part {
        case "stderr": .standardError(server)
        case "tools": .tools(server)
        case "clients": .clients(server)
        case "call": .call(server)
        default: Order(rawValue: part).map { .order(server, $0) } ?? .unknown
        }
    }
}
