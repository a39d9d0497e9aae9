internal import ArgumentParser

/// The flags of TBXark/mcp-proxy that this gateway does not have: each is taken where it asks for what happens anyway,
/// and refused with a word of advice where not. All with one dash or two, and `=`, as Go has them.
struct ForeignFlags: ParsableArguments {
    @Option(name: .likeGo("expand-env"), defaultAsFlag: "true")
    var expandEnvironment: String?

    @Option(name: .likeGo("insecure"), defaultAsFlag: "true")
    var insecure: String?

    @Option(name: .likeGo("http-headers"))
    var headers: String?

    @Option(name: .likeGo("http-timeout"))
    var timeout: String?

    /// `--version` is the library's own.
    @Flag(name: .customLong("version", withSingleDash: true))
    var version = false

    func validate() throws {
        if let expandEnvironment, !Self.isTrue(expandEnvironment) {
            throw ValidationError(
                "-expand-env cannot be switched off. Write \"$$\" for a plain \"$\" in the configuration file.")
        }
        if let insecure, Self.isTrue(insecure) { throw Self.onlyFiles("-insecure has no meaning here") }
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

    /// The texts that Go's `strconv.ParseBool` takes for true.
    private static func isTrue(_ text: String) -> Bool {
        ["1", "t", "T", "true", "TRUE", "True"].contains(text)
    }
}

extension NameSpecification {
    /// A flag with one dash or two.
    fileprivate static func likeGo(_ name: String) -> NameSpecification {
        [.customLong(name), .customLong(name, withSingleDash: true)]
    }
}
