internal import ArgumentParser
internal import CMemory

/// `mcp-gateway run --config FILE`, also without the word `run`: runs the gateway until it is told to stop.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the gateway in the foreground.",
        discussion: "SIGTERM or SIGINT stops it in order; a second SIGINT stops it at once.")

    @Option(
        name: [.customLong("config"), .customLong("config", withSingleDash: true), .customShort("c")],
        help: "The configuration file.", completion: .file(extensions: ["json", "jsonc"]))
    var config = "config.json"

    @Option(help: "The least severe log entries that are written: trace, debug, info, warning, error.")
    var logLevel = LogLevel.info

    func run() async throws {
        cmemory_keep_freed()
        let (configuration, _) = try ConfigurationFile(path: config).load()
        let log = LogWriter()
        LineLogHandler.bootstrap(writer: log, level: logLevel.level)
        defer { log.flush() }
        try await Application(configuration, log: log).run()
    }
}
