internal import ArgumentParser
internal import CMemory

/// `mcp-gateway run --config FILE`, also without the word `run`: runs the gateway until it is told to stop.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the gateway in the foreground.",
        discussion: "SIGTERM or SIGINT stops it in order; a second SIGINT stops it at once.")

    @Option(
        name: [.long, .customShort("c")], help: "The configuration file.",
        completion: .file(extensions: ["json", "jsonc"]))
    var config = "config.json"

    @Option(help: "The least severe log entries that are written: trace, debug, info, warning, error.")
    var logLevel = LogLevel.info

    @OptionGroup(visibility: .hidden)
    var foreign: ForeignFlags

    func validate() throws {
        try ForeignFlags.refuseURL(config)
    }

    func run() async throws {
        cmemory_keep_freed()
        let (configuration, _) = try ConfigurationFile(path: config).decode()
        let log = LogWriter()
        LineLogHandler.bootstrap(writer: log, level: logLevel.level)
        defer { log.flush() }
        try await Application(configuration, path: config, log: log).run()
    }
}
