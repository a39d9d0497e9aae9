internal import GatewayConfiguration
internal import Glibc

/// Where clients reach a gateway, as far as its configuration tells.
struct ReachableURL {
    /// What stands before `/NAME/mcp`.
    let base: String
    /// What whoever gives it to clients should know.
    var hints: [String] = []

    /// `nil` if nobody can tell from outside: it listens on a unix socket, or on a port that the system chooses.
    init?(_ front: FrontConfiguration) {
        if let base = front.baseURL?.absolute {
            self.base = base
            return
        }
        let addresses = front.addresses.compactMap { address in
            if case .tcp(let host, let port) = address, port != 0 { (host: host, port: port) } else { nil }
        }
        // One that others can reach, if there is one.
        guard let (host, port) = addresses.first(where: { !Self.isLoopback($0.host) }) ?? addresses.first else {
            return nil
        }
        let isEverywhere = host == nil || host == "0.0.0.0" || host == "::"
        let name = (isEverywhere ? Self.hostName : host) ?? "localhost"
        base = "http://\(name.contains(":") ? "[\(name)]" : name):\(port)\(front.baseURL?.pathPrefix ?? "")"
        if Self.isLoopback(host) {
            hints = ["The gateway listens on this machine only (mcpProxy.addr): clients elsewhere cannot reach it."]
        } else if isEverywhere {
            hints = [
                "\(name) is this machine's own name; if clients know it by another, set mcpProxy.baseURL, or use --url."
            ]
        }
    }

    /// What somebody says that it is.
    init(_ base: String) {
        self.base = base
    }

    private static func isLoopback(_ host: String?) -> Bool {
        guard let host else { return false }
        return host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    private static var hostName: String? {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
