internal import ArgumentParser
internal import GatewayConfiguration
internal import GatewayCore
internal import Glibc

/// `mcp-gateway import FILE --from PROGRAM`: a configuration of another program's file.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes a configuration of the file in which another program has its MCP servers.",
        discussion: """
            The configuration goes to stdout, or to a new file; what was left out or changed, and what looks like a \
            secret, is said on stderr with line and column. Values are copied as they are, secrets included. Nothing is \
            started, and the other file is not changed. claude is for all who have mcpServers as Claude has them, \
            mcp-proxy for both TBXark's and sparfenyuk's.

            What comes out is checked as check-config does it. What the gateway would refuse is written all the same, \
            and said with its place in the new file, <stdout> if it has none.

            Exits with 0 if every server is in it and can be used, with 1 if one could not be taken, is to be mended, or \
            the output exists, and with 78 if the file cannot be read. Variables and files that are missing here are no \
            mistake: the gateway may have them.
            """)

    @Argument(help: "The other program's file.", completion: .file(extensions: ["json", "jsonc"]))
    var file: String

    @Option(help: "Whose it is.")
    var from: ImportFormat

    @Option(name: [.long, .customShort("o")], help: "The file to write, instead of stdout.", completion: .file())
    var output: String?

    @Flag(help: "Write it even if it is there already.")
    var force = false

    func validate() throws {
        try ForeignFlags.refuseURL(file)
        guard !force || output != nil else { throw ValidationError("--force is about --output, which is missing.") }
    }

    func run() throws {
        let imported = try read()
        for diagnostic in imported.diagnostics { StandardError.write("\(diagnostic)\n") }
        if let output { try write(imported.text, to: output) } else { Terminal.write(imported.text) }
        let isUsable = check(imported.text)
        guard imported.isComplete, isUsable else { throw ExitCode.failure }
    }

    /// Says what the gateway would refuse; answers whether that is nothing.
    private func check(_ text: String) -> Bool {
        let (mistakes, missing) = ConfigurationFile(path: output ?? "<stdout>", text: text).mistakes()
        for diagnostic in mistakes { StandardError.write("\(diagnostic)\n") }
        for diagnostic in missing {
            var remark = diagnostic
            remark.severity = .warning
            StandardError.write("\(remark)\n")
        }
        return mistakes.isEmpty
    }

    private func read() throws -> Configuration.Imported {
        do throws(ConfigurationFailure) {
            return try Configuration.imported(
                bytes: try Configuration.read(path: file), fileName: file, from: from
            ) { words in
                // A reference is none.
                let plain = words.filter { !$0.contains("${") }
                return SecretMask.arguments(plain) != plain
            }
        } catch {
            StandardError.write("\(error)\n")
            throw ExitCode.configuration
        }
    }

    /// Readable by its owner only, whatever was there before: there may be secrets in it.
    private func write(_ text: String, to path: String) throws {
        guard force else {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw refusal(path, errno) }
            let errorNumber = StandardError.write(text, to: descriptor)
            guard close(descriptor) == 0, errorNumber == 0 else { throw refusal(path, errorNumber) }
            return
        }
        guard File.replace(path, with: Array(text.utf8)) else { throw refusal(path, errno) }
    }

    private func refusal(_ path: String, _ errorNumber: Int32) -> ExitCode {
        let advice = errorNumber == EEXIST ? "; --force writes it anew" : ""
        StandardError.write("mcp-gateway: cannot write \(path): \(String(cString: strerror(errorNumber)))\(advice)\n")
        return .failure
    }
}
