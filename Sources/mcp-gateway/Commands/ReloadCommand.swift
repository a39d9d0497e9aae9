internal import ArgumentParser
internal import Glibc

/// `mcp-gateway reload`: has the running gateway read its configuration again.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Has the running gateway read its configuration again.",
        discussion: """
            Prints what changes, a line each, once it is in force. A file with any mistake in it changes nothing; its \
            mistakes are printed, and the status is 78.
            """)

    @Flag(help: "Only print what would change: which servers are started, stopped, restarted or updated.")
    var dryRun = false

    @Flag(
        help: """
            Also wait for the required servers that are started or restarted, until each is ready or has used up its \
            startTimeout, as systemctl start does.
            """)
    var wait = false

    @Flag(help: "As JSON, with the keys of the admin API.")
    var json = false

    @OptionGroup
    var control: ControlOptions

    func run() throws {
        try control.withClient { client throws(ControlFailure) in
            let report = try client.post("reload?dryRun=\(dryRun)", patience: .endless)
            for remark in names("remarks", in: report) { StandardError.write("\(Terminal.harmlessError(remark))\n") }
            Terminal.write(json ? Terminal.json(report) : lines(of: report))
            if wait, !dryRun {
                try awaitRequired(names("started", in: report) + names("restarted", in: report), client)
            }
        }
    }

    private func lines(of report: JSONValue) -> String {
        let kinds = [
            ("stopped", "stop"), ("restarted", "restart"), ("started", "start"), ("updated", "update"),
            ("updatedKeys", "update"),
        ]
        var lines = kinds.flatMap { key, verb in names(key, in: report).map { "\(verb) \($0)" } }
        lines += names("needingRestart", in: report).map { "\($0) takes effect only when the gateway is restarted" }
        if lines.isEmpty { lines = ["nothing changed"] }
        return lines.map { $0 + "\n" }.joined()
    }

    private func names(_ key: String, in report: JSONValue) -> [String] {
        report[key]?.elements?.compactMap(\.string) ?? []
    }

    private func awaitRequired(_ names: [String], _ client: ControlClient) throws(ControlFailure) {
        var progress = ProgressLine()
        defer { progress.clear() }
        while true {
            let servers = (try client.get("servers")["servers"]?.elements ?? []).map { ServerView(json: $0) }
            let awaited = servers.filter { names.contains($0.name) && $0.isRequired && !$0.hasStarted }
            guard let first = awaited.first else { return }
            progress.show("\(first.name): \(first.phase), \(first.reason)")
            usleep(100_000)
        }
    }
}
