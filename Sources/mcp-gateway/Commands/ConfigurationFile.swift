internal import GatewayConfiguration
internal import Glibc

/// A configuration file named on the command line, read once: it may be a pipe.
struct ConfigurationFile {
    /// Where the package puts the configuration of the service.
    static let serviceDirectory = "/etc/mcp-gateway/"

    /// What is meant if nobody says: the file of the service if it is there, else that of this directory.
    static var standardPath: String {
        let file = serviceDirectory + "config.json"
        return access(file, F_OK) == 0 ? file : "config.json"
    }

    let path: String
    let bytes: [UInt8]

    /// Reads the file.
    init(path: String) throws(ConfigurationFailure) {
        self.path = path
        bytes = try Configuration.read(path: path)
    }

    /// A file that is yet to be written there, or nowhere.
    init(path: String, text: String) {
        self.path = path
        bytes = Array(text.utf8)
    }

    /// Decodes and checks it. The second result is what is to be said about one that can be used.
    func decode() throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
        try Configuration.decode(
            bytes: bytes, fileName: path, environment: ProcessEnvironment.current, files: .system)
    }

    /// The same for whoever wants to know nothing secret: no file that it refers to is read, and a variable that is not
    /// set is no mistake. In the place of what is not known stands a text that is the same for the same reference.
    func decodeOutline() throws(ConfigurationFailure) -> Configuration {
        try outline().configuration
    }

    /// For what `decode` would refuse it: mistakes in itself, and what only is not there on this machine or in this
    /// environment, variables and files that it refers to.
    func mistakes() -> (inItself: [Diagnostic], here: [Diagnostic]) {
        let anywhere = Self.errors { () throws(ConfigurationFailure) in try outline() }
        let all = Self.errors { () throws(ConfigurationFailure) in try decode() }
        return (all.filter(anywhere.contains), all.filter { !anywhere.contains($0) })
    }

    private static func errors(
        of decode: () throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic])
    ) -> [Diagnostic] {
        let found: [Diagnostic]
        do throws(ConfigurationFailure) {
            found = try decode().diagnostics
        } catch {
            found = error.diagnostics
        }
        return found.filter { $0.severity == .error }
    }

    private func outline() throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
        var environment = ProcessEnvironment.current
        environment["CREDENTIALS_DIRECTORY"] = "/run/credentials"
        for name in Self.variables(in: bytes) where environment[name] == nil { environment[name] = "unset-\(name)" }
        // As the content of an environment file, too.
        let files = FileReader { path, _ throws(FileReader.Failure) in Array("CONTENT=\(path)".utf8) }
        return try Configuration.decode(bytes: bytes, fileName: path, environment: environment, files: files)
    }

    /// The names in every `${NAME}` and `${env:NAME}`, but not in `${NAME:-default}`.
    private static func variables(in bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "${").dropFirst().compactMap { text in
            let name = text.prefix { $0 != "}" }
            return name.hasPrefix("env:") ? String(name.dropFirst(4)) : String(name)
        }
    }
}
