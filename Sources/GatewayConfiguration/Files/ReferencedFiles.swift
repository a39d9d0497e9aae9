internal import Glibc

/// The files that one configuration refers to. A class, because all that is decoded shares one bound; it lives for one
/// decoding and never leaves it.
final class ReferencedFiles {
    /// The largest file, in bytes: a secret or a list of variables. Linux passes no variable beyond 128 KiB.
    static let sizeLimit = 64 << 10
    /// How many bytes all files may have together, each counted as often as it is referred to.
    static let totalLimit = 4 << 20

    private let reader: FileReader
    private let directory: Substring
    private var rest = totalLimit

    /// - Parameter configuration: The path of the configuration file; relative paths begin in its directory.
    init(reader: FileReader, beside configuration: String) {
        self.reader = reader
        self.directory = configuration.lastIndex(of: "/").map { configuration[...$0] } ?? ""
    }

    /// The path from which `path`, as the configuration has it, is read.
    func location(of path: String) -> String {
        path.hasPrefix("/") ? path : directory + path
    }

    /// The text of a file.
    /// - Parameters:
    ///   - path: The path, its variables expanded.
    ///   - written: The path as it is written, which messages quote: a variable in it might be a secret by mistake.
    /// - Throws: What is wrong, to be put after the name of the key. Never holds content.
    func text(at path: String, written: String) throws(TextMistake) -> String {
        guard !path.isEmpty else { throw TextMistake("names no file; write its path") }
        let name = "needs the file \(written.quoted), which"
        guard !path.hasPrefix("~") else {
            throw TextMistake("\(name) begins with \"~\", which no shell reads; write \"${HOME}\"")
        }
        guard !path.utf8.contains(0) else { throw TextMistake("\(name) has a NUL character in it; remove it") }
        return try read(location(of: path), name: name, adviceIfMissing: "check the path")
    }

    /// The text of a credential, which the service manager gives to this service alone (systemd.exec(5),
    /// "Credentials").
    /// - Parameters:
    ///   - credential: Its name, variables expanded.
    ///   - written: The name as it is written, which messages quote.
    ///   - directory: Where the service manager puts credentials; `nil` or empty if it gives none.
    /// - Throws: What is wrong, to be put after the name of the key. Never holds content.
    func credential(_ credential: String, written: String, in directory: String?) throws(TextMistake) -> String {
        guard !credential.isEmpty else { throw TextMistake("names no credential; write its name") }
        let name = "needs the credential \(written.quoted), which"
        guard credential != ".", credential != "..", !credential.utf8.contains(where: { $0 == 0 || $0 == 0x2F }) else {
            throw TextMistake("\(name) is no name of a credential; write the name that LoadCredential= gives it")
        }
        let advice = "write LoadCredential=NAME:/path/of/its/file with its name into the service's unit"
        guard let directory, !directory.isEmpty else {
            throw TextMistake(
                "\(name) is not there: systemd has given none (CREDENTIALS_DIRECTORY is not set); \(advice)")
        }
        return try read("\(directory)/\(credential)", name: name, adviceIfMissing: advice)
    }

    /// Opens a file that somebody else will read, to say at once what he would say later.
    /// - Parameters:
    ///   - location: The path from which it is read.
    ///   - written: The path as it is written, which messages quote.
    /// - Throws: What is wrong, to be put after the name of the key.
    func open(_ location: String, written: String) throws(TextMistake) {
        let name = "needs the file \(written.quoted), which"
        let beginning: [UInt8]
        do {
            beginning = try reader.read(location, 0)
        } catch .noAccess {
            // Who decodes without access to files is not the one who will use them.
            return
        } catch {
            throw TextMistake("\(name) \(Self.reason(error, "check the path"))")
        }
        if beginning.isEmpty { throw TextMistake("\(name) is empty; is it the right one?") }
    }

    /// - Parameters:
    ///   - name: The beginning of messages.
    ///   - adviceIfMissing: What they advise if there is no such file.
    private func read(_ location: String, name: String, adviceIfMissing: String) throws(TextMistake) -> String {
        let bytes: [UInt8]
        do {
            bytes = try reader.read(location, Self.sizeLimit)
        } catch {
            throw TextMistake("\(name) \(Self.reason(error, adviceIfMissing))")
        }
        guard bytes.count <= Self.sizeLimit else {
            throw TextMistake("\(name) is larger than \(Self.sizeLimit >> 10) KiB; is it the right one?")
        }
        guard bytes.count <= rest else {
            throw TextMistake(
                "\(name) is one too many: such files may have \(Self.totalLimit >> 20) MiB together; refer to fewer")
        }
        rest -= bytes.count
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TextMistake("\(name) is not UTF-8; save it as UTF-8")
        }
        return text
    }

    private static func reason(_ failure: FileReader.Failure, _ adviceIfMissing: String) -> String {
        switch failure {
        case .system(let code):
            let advice =
                switch code {
                case EACCES, EPERM: "let the user that runs the gateway read it"
                default: adviceIfMissing
                }
            return "cannot be read (\(String(errorNumber: code))); \(advice)"
        case .notRegular: return "is a directory or a device; name a plain file"
        case .noAccess: return "cannot be read here; decode the configuration where its files are"
        }
    }
}

extension String {
    /// What the C library calls an `errno`.
    init(errorNumber code: CInt) {
        self = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
