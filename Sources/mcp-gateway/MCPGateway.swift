internal import ArgumentParser

/// The command line: `mcp-gateway --config FILE` runs the gateway, as TBXark/mcp-proxy's image expects.
@main
struct MCPGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Product.name,
        abstract: "Supervises MCP servers and serves them to every client on the network.",
        version: Product.version,
        subcommands: [RunCommand.self, CheckConfigCommand.self],
        defaultSubcommand: RunCommand.self)

    static func main() async {
        await main(GoArguments.normalized(CommandLine.arguments.dropFirst()))
    }
}
