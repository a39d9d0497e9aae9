extension Configuration {
    /// Decodes the text of a configuration file. A pure function of what it is given.
    ///
    /// All mistakes are reported at once, in the order of the file; only broken syntax ends at its first error. A mistake
    /// inside one server's block is an error among the diagnostics and leaves that server `.invalid`, unless its
    /// `panicIfInvalid` is true.
    /// - Parameters:
    ///   - text: JSON, with comments and trailing commas allowed.
    ///   - fileName: What diagnostics call the file.
    ///   - environment: The variables that `${NAME}` refers to.
    ///   - files: How the files are read that `${file:…}` and `envFile` refer to; without it, they are mistakes.
    /// - Throws: `ConfigurationFailure` if the syntax, the top level or `mcpProxy` is wrong, or a server whose
    ///   `panicIfInvalid` is true.
    public static func decode(
        text: String, fileName: String, environment: [String: String], files: FileReader = .none
    ) throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
        try decode(bytes: Array(text.utf8), fileName: fileName, environment: environment, files: files)
    }

    /// Decodes the bytes of a configuration file, as `decode(text:fileName:environment:)` does.
    /// - Throws: `ConfigurationFailure`, also if the bytes are not UTF-8 or more than 4 MiB.
    public static func decode(
        bytes: [UInt8], fileName: String, environment: [String: String], files: FileReader = .none
    ) throws(ConfigurationFailure) -> (configuration: Configuration, diagnostics: [Diagnostic]) {
        let node = try parse(bytes, fileName: fileName)
        let files = ReferencedFiles(reader: files, beside: fileName)
        var decoder = FileDecoder(
            file: fileName, variables: VariableExpansion(environment: environment, files: files))
        decoder.decode(node)
        let diagnostics = decoder.findings.inOrderOfTheFile
        guard !decoder.isUnusable else { throw ConfigurationFailure(diagnostics: diagnostics) }
        return (decoder.configuration, diagnostics)
    }

    /// The tree of a file.
    static func parse(_ bytes: [UInt8], fileName: String) throws(ConfigurationFailure) -> JSONNode {
        do {
            return try SourceText.parse(bytes)
        } catch {
            let diagnostic = Diagnostic(.error, file: fileName, position: error.position, message: error.message)
            throw ConfigurationFailure(diagnostics: [diagnostic])
        }
    }
}

extension [Finding] {
    /// Sorted by place; those at one place keep their order.
    fileprivate var inOrderOfTheFile: [Diagnostic] {
        enumerated()
            .sorted { ($0.element.anchor, $0.offset) < ($1.element.anchor, $1.offset) }
            .map(\.element.diagnostic)
    }
}
