internal import ArgumentParser
internal import CMemory
internal import GatewayConfiguration
internal import GatewayLog
internal import Glibc
internal import Logging
internal import Spawn
internal import Systemd

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

    @Option(
        help: """
            Where the control socket is made, for status, reload and the other commands; or off. The default is \
            control.sock in $RUNTIME_DIRECTORY, or in $XDG_RUNTIME_DIR/mcp-gateway, or none if neither is set.
            """,
        completion: .file())
    var control: String?

    @Flag(
        help: """
            Read the configuration again whenever its file has changed, or a link to it, and then stayed the same for \
            half a second. Files that it refers to are not watched.
            """)
    var watch = false

    @OptionGroup(visibility: .hidden)
    var foreign: ForeignFlags

    func validate() throws {
        try ForeignFlags.refuseURL(config)
    }

    func run() async throws {
        cmemory_keep_freed()
        // Before there are other threads, which might read the environment.
        let sockets = Result { try PassedSocket.takeAll() }
        let log = LogQueue(try logFormat.sink())
        LoggingSystem.bootstrap { [level = logLevel.level] _ in QueuedLogHandler(log, level: level) }
        defer { log.flush() }
        do {
            try await Application(
                configuration(), path: config, sockets: passed(sockets), control: controlPlace, watches: watch,
                log: log
            ).run()
        } catch let failure as StartFailure {
            throw failure.told(to: logger)
        } catch let failure as SpawnFailure {
            let errorNumber = failure.errorNumber == 0 ? nil : failure.errorNumber
            throw StartFailure(reason: "cannot start servers: \(failure)", errorNumber: errorNumber).told(to: logger)
        }
    }

    private var controlPlace: ControlFront.Place {
        switch control {
        case nil: .standard
        case "off": .off
        case .some(let path): .path(path)
        }
    }

    private var logger: Logger { Logger(label: Product.name) }

    private func passed(_ sockets: Result<[PassedSocket], any Error>) throws -> [PassedSocket] {
        do {
            return try sockets.get()
        } catch {
            throw StartFailure(reason: "\(error)", exitCode: .configuration)
        }
    }

    /// - Throws: the exit status 78, after saying why.
    private func configuration() throws -> Configuration {
        do throws(ConfigurationFailure) {
            let (configuration, diagnostics) = try ConfigurationFile(path: config).decode()
            diagnostics.forEach(logger.log)
            return configuration
        } catch {
            error.diagnostics.forEach(logger.log)
            let first = error.diagnostics.first { $0.severity == .error }
            ServiceNotifier(logger: logger).failed(errorNumber: EINVAL, status: first?.description ?? "")
            throw ExitCode.configuration
        }
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
