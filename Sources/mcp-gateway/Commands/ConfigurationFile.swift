internal import ArgumentParser
internal import GatewayConfiguration

/// A configuration file named on the command line, read once: it may be a pipe.
struct ConfigurationFile {
    let path: String
    let bytes: [UInt8]

    /// Reads the file.
    ///
    /// - Throws: the exit status 78 when it cannot be read, after saying why.
    init(path: String) throws {
        self.path = path
        do throws(ConfigurationFailure) {
            bytes = try Configuration.read(path: path)
        } catch {
            throw Self.failed(error)
        }
    }

    /// Decodes and checks it. Everything that is to be said about it goes to stderr.
    ///
    /// - Throws: the exit status 78 when the gateway cannot run with it.
    func decode() throws -> (Configuration, [Diagnostic]) {
        do throws(ConfigurationFailure) {
            let (configuration, diagnostics) = try Configuration.decode(
                bytes: bytes, fileName: path, environment: ProcessEnvironment.current, files: .system)
            for diagnostic in diagnostics { StandardError.write("\(diagnostic)\n") }
            return (configuration, diagnostics)
        } catch {
            throw Self.failed(error)
        }
    }

    private static func failed(_ failure: ConfigurationFailure) -> ExitCode {
        StandardError.write("\(failure)\n")
        return .configuration
    }
}
