internal import ArgumentParser
internal import CMemory
internal import GatewayConfiguration
internal import GatewayLog
internal import Logging

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

    @Option(
        help: """
            How log entries are written: text; json, one object a line; journal, with all fields to systemd's journal; \
            or auto, journal if stderr is connected to it, and else text.
            """)
    var logFormat = LogFormat.auto

    @OptionGroup(visibility: .hidden)
    var foreign: ForeignFlags

    func validate() throws {
        try ForeignFlags.refuseURL(config)
    }

    func run() async throws {
        cmemory_keep_freed()
        let log = LogQueue(try logFormat.sink())
        LoggingSystem.bootstrap { [level = logLevel.level] _ in QueuedLogHandler(log, level: level) }
        defer { log.flush() }
        let logger = Logger(label: Product.name)
        let (configuration, _) = try ConfigurationFile(path: config, report: logger.log).decode()
        try await Application(configuration, path: config, log: log).run()
    }
}

extension Logger {
    /// Logs what is to be said about a configuration file.
    fileprivate func log(_ diagnostic: Diagnostic) {
        switch diagnostic.severity {
        case .error: log(.configurationError, [.reason: "\(diagnostic)"])
        case .warning: log(.configurationWarning, [.reason: "\(diagnostic)"])
        }
    }
}
