extension Configuration {
    /// A file of TBXark's first format (`server`, `clients`) in the second (`mcpProxy`, `mcpServers`).
    ///
    /// The new text means what the old one means; comments are lost, and variables stay unexpanded. It holds whatever
    /// secrets the file holds: it is for the file's owner, not for a log.
    /// - Parameters:
    ///   - bytes: The file, as `read(path:)` answers it.
    ///   - fileName: What diagnostics call the file.
    /// - Returns: `nil` if the file is of the second format.
    /// - Throws: `ConfigurationFailure` if the syntax is broken.
    public static func migratedText(
        bytes: [UInt8], fileName: String
    ) throws(ConfigurationFailure) -> String? {
        FirstGeneration.migrate(try parse(bytes, fileName: fileName))?.json
    }
}
