internal import ArgumentParser
internal import GatewayLog
internal import Logging
internal import Systemd

/// Why the gateway does not start, for all who are told: the log, the service manager and whoever reads its exit status.
struct StartFailure: Error {
    /// What is wrong and what to do.
    let reason: String
    /// The `errno` value behind it, if there is one.
    var errorNumber: Int32?
    var exitCode = ExitCode.failure

    /// Tells the log and the service manager; answers the exit status. Waits until the manager has taken it.
    func told(to logger: Logger) -> ExitCode {
        var fields: [LogField: Logger.MetadataValue] = [.reason: "\(reason)"]
        if let errorNumber { fields[.errorNumber] = "\(errorNumber)" }
        logger.log(.cannotStart, fields)
        ServiceNotifier(logger: logger).failed(errorNumber: errorNumber, status: reason)
        return exitCode
    }
}
