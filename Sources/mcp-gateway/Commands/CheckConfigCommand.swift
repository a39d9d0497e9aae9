internal import ArgumentParser
internal import GatewayConfiguration

/// `mcp-gateway check-config FILE`: says what is wrong with a configuration file, and starts nothing.
struct CheckConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Checks a configuration file.",
        discussion: "Exits with 0 when it is valid, 78 when it is not, and 3 when --strict finds warnings.")

    @Argument(help: "The configuration file.", completion: .file(extensions: ["json", "jsonc"]))
    var file: String

    @Flag(help: "Exit with 3 when there are warnings.")
    var strict = false

    func run() async throws {
        let (configuration, diagnostics) = try ConfigurationFile(path: file).load()
        let broken = configuration.servers.count { $0.isInvalid }
        if broken > 0 { throw ExitCode.configuration }
        if strict, !diagnostics.isEmpty { throw ExitCode.warnings }
        print("\(file): valid, \(configuration.servers.count) servers")
    }
}

extension ServerConfiguration {
    fileprivate var isInvalid: Bool {
        if case .invalid = kind { true } else { false }
    }
}
