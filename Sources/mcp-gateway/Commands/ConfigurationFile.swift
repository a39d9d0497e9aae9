internal import ArgumentParser
internal import GatewayConfiguration

/// A configuration file named on the command line, read once: it may be a pipe.
struct ConfigurationFile {
    let path: String
    let bytes: [UInt8]
    /// Takes what is to be said about it.
    private let report: (Diagnostic) -> Void

    /// Reads the file.
    ///
    /// - Parameter report: takes what is to be said about it; stderr, if nothing else does.
    /// - Throws: the exit status 78 when it cannot be read, after saying why.
    init(path: String, report: @escaping (Diagnostic) -> Void = { StandardError.write("\($0)\n") }) throws {
        self.path = path
        self.report = report
        do throws(ConfigurationFailure) {
            bytes = try Configuration.read(path: path)
        } catch {
            error.diagnostics.forEach(report)
            throw ExitCode.configuration
        }
    }

    /// Decodes and checks it.
    ///
    /// - Throws: the exit status 78 when the gateway cannot run with it.
    func decode() throws -> (Configuration, [Diagnostic]) {
        do throws(ConfigurationFailure) {
            let (configuration, diagnostics) = try Configuration.decode(
                bytes: bytes, fileName: path, environment: ProcessEnvironment.current, files: .system)
            diagnostics.forEach(report)
            return (configuration, diagnostics)
        } catch {
            error.diagnostics.forEach(report)
            throw ExitCode.configuration
        }
    }
}
