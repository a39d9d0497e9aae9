internal import ArgumentParser

/// `gateway-bench echo-server`: the MCP server that is measured through the gateway, and without it.
struct EchoServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo-server", abstract: "Echoes, over stdin and stdout or over HTTP.")

    @Option(help: "Serve HTTP on this port of 127.0.0.1 instead of stdin and stdout.")
    var http: Int?

    func run() async throws {
        if let http { try await HTTPEcho.run(port: http) } else { try StdioEcho.run() }
    }
}
