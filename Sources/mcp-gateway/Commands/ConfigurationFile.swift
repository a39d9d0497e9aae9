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

    /// Decodes and checks it. The second result is what is to be said about one that can be used.
    func decode() throws(ConfigurationFailure) -> (Configuration, [Diagnostic]) {
        try Configuration.decode(
            bytes: bytes, fileName: path, environment: ProcessEnvironment.current, files: .system)
    }
}
