internal import Glibc

extension Configuration {
    /// Reads and decodes a configuration file.
    /// - Parameters:
    ///   - path: The file. Diagnostics call it so.
    ///   - environment: The variables that `${NAME}` refers to.
    /// - Throws: `ConfigurationFailure`, also if the file cannot be read.
    public static func load(
        path: String, environment: [String: String]
    ) throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
        try decode(bytes: try read(path), fileName: path, environment: environment)
    }

    /// The bytes of a file, or one byte more than may be decoded if it is larger.
    private static func read(_ path: String) throws(ConfigurationFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= SourceText.sizeLimit {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(path, errno)
            }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }

    private static func unreadable(_ path: String, _ code: CInt) -> ConfigurationFailure {
        let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        let advice =
            switch code {
            case ENOENT: "check the path, or copy config/config.json there"
            case EACCES, EPERM: "let the user that runs the gateway read it"
            case EISDIR: "name the file in it, for instance \"config.json\""
            default: "check the file"
            }
        let message = "the file cannot be read (\(reason)); \(advice)"
        return ConfigurationFailure(
            diagnostics: [Diagnostic(.error, file: path, position: nil, message: message)])
    }
}
