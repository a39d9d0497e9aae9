internal import ArgumentParser

/// The flags of TBXark/mcp-proxy that this gateway does not have: each is taken where it asks for what happens anyway,
/// and refused with a word of advice where not.
struct ForeignFlags: ParsableArguments {
    @Option(name: .customLong("expand-env"))
    var expandEnvironment = "true"

    @Option
    var insecure = "false"

    @Option(name: .customLong("http-headers"))
    var headers: String?

    @Option(name: .customLong("http-timeout"))
    var timeout: String?

    func validate() throws {
        guard try Self.isTrue(expandEnvironment, flag: "-expand-env") else {
            throw ValidationError(
                "-expand-env cannot be switched off. Write \"$$\" for a plain \"$\" in the configuration file.")
        }
        if try Self.isTrue(insecure, flag: "-insecure") { throw Self.onlyFiles("-insecure has no meaning here") }
        if headers != nil { throw Self.onlyFiles("-http-headers has no meaning here") }
        if timeout != nil { throw Self.onlyFiles("-http-timeout has no meaning here") }
    }

    /// Refuses the address of a configuration elsewhere, without quoting it: it may hold a secret.
    static func refuseURL(_ path: String) throws {
        let lower = path.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else { return }
        throw onlyFiles("A configuration file cannot be a URL")
    }

    private static func onlyFiles(_ what: String) -> ValidationError {
        ValidationError(
            what + ": configurations are read from files only. Fetch it first, for instance with "
                + "\"curl -fsS -o config.json URL\", and start with \"--config config.json\".")
    }

    /// Reads a boolean as Go's `strconv.ParseBool` does.
    private static func isTrue(_ text: String, flag: String) throws -> Bool {
        if ["1", "t", "T", "true", "TRUE", "True"].contains(text) { return true }
        if ["0", "f", "F", "false", "FALSE", "False"].contains(text) { return false }
        throw ValidationError("\(flag) is either true or false.")
    }
}
