internal import ArgumentParser
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
        logger.critical("\(reason)")
        ServiceNotifier(logger: logger).failed(errorNumber: errorNumber, status: reason)
        return exitCode
    }
}
