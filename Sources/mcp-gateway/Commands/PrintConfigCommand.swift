internal import ArgumentParser
internal import ClientSetup
internal import GatewayConfiguration

/// `mcp-gateway print-config --client NAME`: what to put into a client's file to connect it.
struct PrintConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print-config",
        abstract: "Prints what connects a client to the gateway, to be put into the client's file.",
        discussion: """
            The snippet goes to stdout, where it belongs and what else is to be done to stderr. It holds no token, but \
            the name of an environment variable, a question, or the word PASTE_TOKEN_HERE, whichever the client can do. \
            Every server gets an entry of its own, unless --server, --group or --aggregate says otherwise. \
            Exits with 64 if there is no such client, server or group, and with 78 if the configuration cannot be used.
            """)

    @Option(help: "The client.")
    var client: Client

    @Option(help: "A server, by its name in the configuration; may be given several times.")
    var server: [String] = []

    @Flag(help: "All servers together, as one entry.")
    var aggregate = false

    @Option(help: "The servers of a group together, as one entry.")
    var group: String?

    @Option(
        name: [.long, .customShort("c")],
        help: "The configuration. The default is /etc/mcp-gateway/config.json, or else config.json.",
        completion: .file(extensions: ["json", "jsonc"]))
    var config: String?

    @Option(help: "Where clients reach the gateway, such as http://linuxserver.lan:9090, instead of mcpProxy.baseURL.")
    var url: String?

    @Option(help: "The environment variable of the client's machine that holds the token.")
    var tokenEnv = "MCP_GATEWAY_TOKEN"

    func validate() throws {
        if let config { try ForeignFlags.refuseURL(config) }
        guard [!server.isEmpty, aggregate, group != nil].count(where: \.self) <= 1 else {
            throw ValidationError("--server, --group and --aggregate exclude each other.")
        }
        if let url, BaseURL(absolute: url) == nil {
            throw ValidationError(
                "--url is no address that clients could be given. Write it like http://linuxserver.lan:9090.")
        }
        guard tokenEnv.isVariableName else {
            throw ValidationError(
                "--token-env is the name of a variable: letters, digits and \"_\", such as LAN_MCP_TOKEN.")
        }
    }

    func run() throws {
        let configuration = try load()
        guard
            let reachable = url.flatMap({ BaseURL(absolute: $0)?.absolute }).map(ReachableURL.init)
                ?? ReachableURL(configuration.front)
        else {
            throw refusal("the configuration does not tell where clients reach the gateway; say it with --url")
        }
        let endpoints = try endpoints(of: configuration, at: reachable.base)
        guard !endpoints.isEmpty else { throw refusal("the configuration has no server that is not disabled") }
        let snippet = Snippet(for: client, endpoints)
        for hint in snippet.hints + reachable.hints { StandardError.write("# \(hint)\n") }
        Terminal.write(snippet.text)
    }

    private func load() throws -> Configuration {
        do throws(ConfigurationFailure) {
            return try ConfigurationFile(path: config ?? ConfigurationFile.standardPath).decodeOutline()
        } catch {
            StandardError.write("\(error)\n")
            throw ExitCode.configuration
        }
    }

    private func endpoints(of configuration: Configuration, at base: String) throws -> [Endpoint] {
        let tokens = TokenVariables(configuration, shared: tokenEnv)
        let front = configuration.front
        if aggregate {
            guard front.aggregate.isEnabled else {
                throw refusal("the endpoint for all servers is switched off (mcpProxy.aggregate.enabled)")
            }
            return [Endpoint(name: "gateway", url: "\(base)/mcp", tokenVariable: tokens.together)]
        }
        if let group {
            let names = front.groups.map(\.name)
            guard names.contains(group) else { throw refusal("no group is called \(group)", known: names) }
            return [Endpoint(name: group, url: "\(base)/group/\(group)/mcp", tokenVariable: tokens.together)]
        }
        let names = configuration.servers.map(\.name)
        if let unknown = server.first(where: { !names.contains($0) }) {
            throw refusal("no server is called \(unknown)", known: names)
        }
        return configuration.servers
            .filter { server.isEmpty ? $0.kind != .disabled : server.contains($0.name) }
            .map { Endpoint(name: $0.name, url: "\(base)/\($0.name)/mcp", tokenVariable: tokens.variable(for: $0)) }
    }

    private func refusal(_ reason: String, known: [String] = []) -> ExitCode {
        let list = known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))"
        StandardError.write("mcp-gateway: \(reason)\(list)\n")
        return .usage
    }
}

extension String {
    /// Whether it can be the name of an environment variable in a shell.
    var isVariableName: Bool {
        guard let first = unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || scalar == "_"
        }
    }
}
