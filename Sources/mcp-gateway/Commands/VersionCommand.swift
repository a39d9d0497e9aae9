internal import ArgumentParser
internal import JSONRPC

/// `mcp-gateway version`: which program this is, and which one runs.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the version of this program, and that of the running gateway if it is another.")

    @Flag(help: "As JSON: the keys are program and, if a gateway runs, running.")
    var json = false

    @OptionGroup
    var control: ControlOptions

    func run() throws {
        let running = running
        guard json else {
            let other = running.flatMap { $0 == Product.version ? nil : "the running gateway is \($0)\n" }
            return Terminal.write(Product.version + "\n" + (other ?? ""))
        }
        var members = [(key: "program", value: JSONText.quotedBuffer(Product.version))]
        if let running { members.append(("running", JSONText.quotedBuffer(running))) }
        Terminal.write(JSONValue(JSONText.object(members)).description + "\n")
    }

    /// It is no mistake if none runs.
    private var running: String? {
        guard let path = try? control.path() else { return nil }
        return (try? ControlClient(path: path).get("version", patience: .seconds(2)))?["version"]?.string
    }
}
