internal import ArgumentParser
internal import Glibc
internal import Supervision

/// What `start`, `stop` and `restart` have in common: the order is given, and what comes of it is waited for.
struct ServerOrder: ParsableArguments {
    /// What is ordered.
    enum Kind: String {
        case start
        case stop
        case restart
    }

    @Argument(help: "The server, by its name in the configuration.")
    var name: String

    @Flag(help: "Return at once, and do not wait for what comes of it.")
    var noWait = false

    @OptionGroup
    var control: ControlOptions

    func validate() throws {
        try name.mustNameServer()
    }

    func carryOut(_ kind: Kind) throws {
        let outcome = try control.withClient { client throws(ControlFailure) -> ServerView in
            let resource = "servers/\(ControlClient.segment(name))"
            let before = ServerView(json: try client.get(resource))
            try client.post("\(resource)/\(kind.rawValue)")
            return try noWait
                ? ServerView(json: client.get(resource)) : wait(for: kind, since: before, client, resource)
        }
        guard !noWait else { return }
        Terminal.write(Terminal.harmless("\(outcome.name): \(outcome.phase), \(outcome.reason)") + "\n")
        switch kind {
        case .start, .restart: if !outcome.isReady { throw ExitCode.failure }
        case .stop: if outcome.phase != "stopped", outcome.phase != "disabled" { throw ExitCode.failure }
        }
    }

    /// Looks until the server has come to rest.
    private func wait(
        for kind: Kind, since before: ServerView, _ client: ControlClient, _ resource: String
    ) throws(ControlFailure) -> ServerView {
        var progress = ProgressLine()
        defer { progress.clear() }
        while true {
            let now = ServerView(json: try client.get(resource))
            if !now.isOnItsWay { return now }
            progress.show("\(now.name): \(now.phase), \(now.reason)")
            usleep(100_000)
        }
    }
}
