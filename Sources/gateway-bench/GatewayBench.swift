internal import ArgumentParser

/// Measures how fast the gateway is, and how much memory it takes, with nothing but what is in this package.
@main
struct GatewayBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway-bench",
        abstract: "Measures mcp-gateway against an MCP server that echoes, and checks every answer.",
        subcommands: [BenchCommand.self, CallsCommand.self, EchoServerCommand.self],
        defaultSubcommand: BenchCommand.self)
}
