internal import ArgumentParser
internal import GatewayConfiguration
internal import Glibc

/// A configuration file named on the command line.
struct ConfigurationFile {
    let path: String

    /// Reads and checks it. Everything that is to be said about it goes to stderr.
    ///
    /// - Throws: the exit status 78 when the gateway cannot run with it.
    func load() throws -> (Configuration, [Diagnostic]) {
        do throws(ConfigurationFailure) {
            let (configuration, diagnostics) = try Configuration.load(
                path: path, environment: ProcessEnvironment.current)
            for diagnostic in diagnostics { StandardError.write("\(diagnostic)\n") }
            return (configuration, diagnostics)
        } catch {
            StandardError.write("\(error)\n")
            throw ExitCode.configuration
        }
    }
}
