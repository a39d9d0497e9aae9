internal import ArgumentParser
internal import Supervision

/// `mcp-gateway status [NAME]`: how the servers of a running gateway stand.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how the servers of the running gateway stand.",
        discussion: """
            Exits with 0 if every server that is meant to run is healthy, 1 if one is not, and 3 if the gateway, or the \
            server that was asked about, does not run.
            """)

    @Argument(help: "One server, of which more is told.")
    var name: String?

    @Flag(help: "As JSON, with the keys of the admin API.")
    var json = false

    @Flag(name: [.long, .customShort("w")], help: "Go on, and show every change.")
    var watch = false

    @OptionGroup
    var control: ControlOptions

    func validate() throws {
        try name?.mustNameServer()
    }

    func run() throws {
        do {
            let client = ControlClient(path: try control.path())
            if watch { try follow(client) }
            throw try show(client)
        } catch let failure as ControlFailure {
            let exitCode = failure.told
            throw failure.isNotRunning ? ExitCode.notRunning : exitCode
        }
    }

    private var resource: String {
        name.map { "servers/\(ControlClient.segment($0))" } ?? "status"
    }

    /// Shows it once; answers the status to end with.
    private func show(_ client: ControlClient) throws(ControlFailure) -> ExitCode {
        let answer = try client.get(resource)
        Terminal.write(json ? Terminal.json(answer) : text(answer))
        return exitCode(of: answer)
    }

    private func follow(_ client: ControlClient) throws(ControlFailure) -> Never {
        var events = try client.events("events")
        while true {
            if Terminal.isOutput, !json { Terminal.write(Terminal.cleared) }
            _ = try show(client)
            // On a terminal times go on; elsewhere only news are told.
            while true {
                if Terminal.isOutput, !json, !events.hasNews(within: 1000) { break }
                guard let event = try events.next() else {
                    throw .broken(path: client.path, reason: "the gateway has ended")
                }
                if Terminal.isOutput || event.name != "status" { break }
            }
        }
    }

    private func text(_ answer: JSONValue) -> String {
        guard name == nil else { return ServerView(json: answer).details }
        let servers = (answer["servers"]?.elements ?? []).map { ServerView(json: $0) }
        var table = Table(ServerView.titles)
        for server in servers { table.add(server.row) }
        let uptime = answer["uptimeMs"]?.milliseconds?.spoken ?? "?"
        var text = "mcp-gateway \(answer["version"]?.string ?? "?"), up for \(uptime), "
        text += "\(answer["sessions"]?.integer ?? 0) sessions: \(answer["summary"]?.string ?? "")\n"
        if let reload = answer["lastReload"], let mistake = reload["firstMistake"]?.string {
            text += "configuration refused at \(reload["at"]?.string ?? "?"), the gateway runs on as before: "
            text += Terminal.harmless(mistake) + "\n"
        }
        if !servers.isEmpty { text += "\n" + table.text }
        for server in servers where server.isUnwell {
            text += "\n\(server.name): \(Terminal.harmless(server.reason))\n"
            if let action = server.json["health"]?["suggestedAction"]?.string { text += "  to do: \(action)\n" }
        }
        return text
    }

    private func exitCode(of answer: JSONValue) -> ExitCode {
        guard name == nil else { return ServerView(json: answer).exitCode }
        let servers = (answer["servers"]?.elements ?? []).map { ServerView(json: $0) }
        return servers.contains(where: \.isUnwell) ? .degraded : .success
    }
}
