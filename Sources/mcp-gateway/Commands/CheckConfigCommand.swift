internal import ArgumentParser
internal import GatewayConfiguration

/// `mcp-gateway check-config FILE`: says what is wrong with a configuration file, and starts nothing.
struct CheckConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Checks a configuration file.",
        discussion: """
            Exits with 0 when it is valid, 78 when it is not, and 3 when --strict finds warnings. A file of TBXark's \
            first format ("server", "clients") is printed to stdout in the second, as the file holds it, secrets included.
            """)

    @Argument(help: "The configuration file.", completion: .file(extensions: ["json", "jsonc"]))
    var file: String

    @Flag(help: "Exit with 3 when there are warnings.")
    var strict = false

    func validate() throws {
        try ForeignFlags.refuseURL(file)
    }

    func run() async throws {
        do {
            try check()
        } catch let failure as ConfigurationFailure {
            StandardError.write("\(failure)\n")
            throw ExitCode.configuration
        }
    }

    private func check() throws {
        let source = try ConfigurationFile(path: file)
        let migrated = try? Configuration.migratedText(bytes: source.bytes, fileName: file)
        // Also with mistakes in it, which are as well mended in the new file.
        if let migrated { Terminal.write(migrated) }
        let (configuration, diagnostics) = try source.decode()
        for diagnostic in diagnostics { StandardError.write("\(diagnostic)\n") }
        let broken = configuration.servers.count { $0.isInvalid }
        if broken > 0 { throw ExitCode.configuration }
        if strict, !diagnostics.isEmpty { throw ExitCode.warnings }
        let summary = "\(file): valid, \(configuration.servers.count) servers\n"
        if migrated == nil { Terminal.write(summary) } else { StandardError.write(summary) }
    }
}

extension ServerConfiguration {
    fileprivate var isInvalid: Bool {
        if case .invalid = kind { true } else { false }
    }
}
