internal import GatewayConfiguration

/// The line that connects a first client, for whoever has just started the gateway and wonders what to do with it.
struct ClientHint: CustomStringConvertible {
    private let server: ServerConfiguration
    private let base: String

    /// - Parameter listening: the address the gateway listens on, as the beginning of a URL, if it has one.
    init?(_ configuration: Configuration, listening: String?) {
        let usable = configuration.servers.first { server in
            switch server.kind {
            case .process, .builtin: true
            case .remote, .invalid, .disabled: false
            }
        }
        guard let usable, let base = configuration.front.baseURL.flatMap(\.absolute) ?? listening else { return nil }
        server = usable
        self.base = base
    }

    var description: String {
        let token = server.options.authTokens.isEmpty ? "" : "--header \"Authorization: Bearer TOKEN\" "
        let name = server.name.split(separator: "/").last ?? "mcp"
        return "claude mcp add --transport http \(token)\(name) \(base)/\(server.name)/mcp"
    }
}
