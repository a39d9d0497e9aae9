internal import Glibc

extension Configuration {
    /// Reads and decodes a configuration file, and the files it refers to.
    /// - Parameters:
    ///   - path: The file. Diagnostics call it so.
    ///   - environment: The variables that `${NAME}` refers to.
    /// - Throws: `ConfigurationFailure`, also if the file cannot be read.
    public static func load(
        path: String, environment: [String: String]
    ) throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
        try decode(bytes: try read(path: path), fileName: path, environment: environment, files: .system)
    }

    /// The bytes of a configuration file, to be decoded: no more than are needed to tell that it is too large.
    /// - Throws: `ConfigurationFailure` if it cannot be read.
    public static func read(path: String) throws(ConfigurationFailure) -> [UInt8] {
        do {
            return try SystemFile.read(path, limit: SourceText.sizeLimit, mustBeRegular: false)
        } catch {
            switch error {
            case .system(let code): throw unreadable(path, code)
            case .notRegular, .noAccess: throw unreadable(path, EINVAL)
            }
        }
    }

    private static func unreadable(_ path: String, _ code: CInt) -> ConfigurationFailure {
        let advice =
            switch code {
            case ENOENT: "check the path, or copy config/config.json there"
            case EACCES, EPERM: "let the user that runs the gateway read it"
            case EISDIR: "name the file in it, for instance \"config.json\""
            default: "check the file"
            }
        let message = "the file cannot be read (\(String(errorNumber: code))); \(advice)"
        return ConfigurationFailure(
            diagnostics: [Diagnostic(.error, file: path, position: nil, message: message)])
    }
}
