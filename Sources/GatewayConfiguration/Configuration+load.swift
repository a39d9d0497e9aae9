internal import Glibc

extension Configuration {
    /// Reads and decodes a configuration file once more, and the files it refers to. A pipe or a device is refused: it
    /// has been read, and another read of it may wait for ever.
    /// - Parameters:
    ///   - path: The file. Diagnostics call it so.
    ///   - environment: The variables that `${NAME}` refers to.
    /// - Throws: `ConfigurationFailure`, also if the file cannot be read.
    public static func load(
        path: String, environment: [String: String]
    ) throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
        try decode(
            bytes: try read(path: path, mustBeRegular: true), fileName: path, environment: environment, files: .system)
    }

    /// The bytes of a configuration file, to be decoded: no more than are needed to tell that it is too large. It may
    /// be a pipe.
    /// - Throws: `ConfigurationFailure` if it cannot be read.
    public static func read(path: String) throws(ConfigurationFailure) -> [UInt8] {
        try read(path: path, mustBeRegular: false)
    }

    private static func read(path: String, mustBeRegular: Bool) throws(ConfigurationFailure) -> [UInt8] {
        do {
            return try SystemFile.read(path, limit: SourceText.sizeLimit, mustBeRegular: mustBeRegular)
        } catch {
            switch error {
            case .system(let code): throw unreadable(path, code)
            case .noAccess: throw unreadable(path, EINVAL)
            case .notRegular:
                var status = stat()
                if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw unreadable(path, EISDIR) }
                throw failure(
                    path, "a pipe or a device cannot be read again; put a file there, or restart the gateway")
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
        return failure(path, "the file cannot be read (\(String(errorNumber: code))); \(advice)")
    }

    private static func failure(_ path: String, _ message: String) -> ConfigurationFailure {
        ConfigurationFailure(diagnostics: [Diagnostic(.error, file: path, position: nil, message: message)])
    }
}
