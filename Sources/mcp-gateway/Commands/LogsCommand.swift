internal import ArgumentParser

/// `mcp-gateway logs NAME`: what a server has written to stderr.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Shows the last lines that a server has written to stderr.",
        discussion: "The gateway's own log, and older lines, are in the journal: journalctl -u mcp-gateway.")

    @Argument(help: "The server, by its name in the configuration.")
    var name: String

    @Flag(name: [.long, .customShort("f")], help: "Go on, and show lines as they come.")
    var follow = false

    @Option(name: [.long, .customShort("n")], help: "How many lines are shown at first.")
    var lines = 50

    @OptionGroup
    var control: ControlOptions

    func validate() throws {
        try name.mustNameServer()
        if lines < 0 { throw ValidationError("--lines cannot be negative.") }
    }

    func run() throws {
        try control.withClient { client throws(ControlFailure) in
            let resource = "servers/\(ControlClient.segment(name))/stderr?lines=\(lines)"
            guard follow else {
                for line in try client.get(resource)["lines"]?.elements ?? [] { show(line) }
                return
            }
            var events = try client.events(resource)
            while let event = try events.next() { show(event.data) }
        }
    }

    private func show(_ line: JSONValue) {
        Terminal.write(Terminal.harmless(line.string ?? "") + "\n")
    }
}
