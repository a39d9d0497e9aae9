internal import ArgumentParser
internal import Spawn

/// The command line: `mcp-gateway --config FILE` runs the gateway, as TBXark/mcp-proxy's image expects.
@main
struct MCPGateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Product.name,
        abstract: "Supervises MCP servers and serves them to every client on the network.",
        version: Product.version,
        subcommands: [
            RunCommand.self, StatusCommand.self, StartCommand.self, StopCommand.self, RestartCommand.self,
            LogsCommand.self, ToolsCommand.self, CallCommand.self, ReloadCommand.self, DoctorCommand.self,
            CheckConfigCommand.self, ImportCommand.self, PrintConfigCommand.self, ConnectCommand.self,
            PrintSchemaCommand.self,
            VersionCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    /// The guard is this program, too, but nothing that a user calls: it is told apart before any of the rest begins.
    static func main() async {
        GuardProgram.runIfAsked()
        do {
            var command = try await asyncParseAsRoot(GoArguments.normalized(CommandLine.arguments.dropFirst()))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch  where exitCode(for: error) == .success {
            // The parser would not notice that help, or whatever else was asked for, could not be written.
            let text = fullMessage(for: error)
            if !text.isEmpty { Terminal.write(text + "\n") }
            exit(withError: ExitCode.success)
        } catch {
            exit(withError: error)
        }
    }
}
