internal import ArgumentParser
internal import GatewayConfiguration

/// A configuration file named on the command line, read once: it may be a pipe.
struct ConfigurationFile {
    let path: String
    let bytes: [UInt8]

    /// Reads the file.
    init(path: String) throws(ConfigurationFailure) {
        self.path = path
        bytes = try Configuration.read(path: path)
    }

    /// Decodes and checks it. What is to be said about one that can be used goes to stderr.
    func decode() throws(ConfigurationFailure) -> (Configuration, [Diagnostic]) {
        let (configuration, diagnostics) = try Configuration.decode(
            bytes: bytes, fileName: path, environment: ProcessEnvironment.current, files: .system)
        for diagnostic in diagnostics { StandardError.write("\(diagnostic)\n") }
        return (configuration, diagnostics)
    }
}

extension ConfigurationFailure {
    /// Says on stderr why the configuration cannot be used; answers the exit status that says so, too.
    func printed() -> ExitCode {
        StandardError.write("\(self)\n")
        return .configuration
    }
}
