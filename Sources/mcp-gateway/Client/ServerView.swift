internal import ArgumentParser
internal import Supervision

/// A server of the admin API, as a person reads it.
struct ServerView {
    let json: JSONValue

    var name: String { json["name"]?.string ?? "" }
    var phase: String { json["phase"]?.string ?? "" }
    var health: String { json["health"]?["level"]?.string ?? "" }
    var isReady: Bool { json["ready"]?.isTrue ?? false }
    var isRequired: Bool { json["required"]?.isTrue ?? false }
    var hasStarted: Bool { json["started"]?.isTrue ?? false }
    var generation: Int { json["generation"]?.integer ?? 0 }
    var reason: String { json["reason"]?.string ?? "" }

    /// Who shares an instance, and whether those that can be asked have their own although it is shared.
    private var isolation: String {
        let mode = json["isolation"]?.string ?? "-"
        return json["interactive"]?.isTrue == true ? "\(mode), interactive" : mode
    }

    /// Whether the phase is one that ends by itself.
    var isOnItsWay: Bool { phase == "starting" || phase == "stopping" }

    /// How a script hears of it (LSB, "Init Script Actions", and `degraded`).
    var exitCode: ExitCode {
        if phase == "stopped" || phase == "disabled" || phase == "failed" { return .notRunning }
        return isReady && health == "healthy" ? .success : .degraded
    }

    /// Whether something that is meant to run does not, or not well.
    var isUnwell: Bool { health != "healthy" && health != "off" }

    /// The titles of `row`.
    static let titles = [
        "NAME", "PHASE", "HEALTH", "FOR", "RESTARTS", "LAST EXIT", "NEXT TRY", "TRANSPORT", "TOOLS", "SESSIONS",
        "IN FLIGHT", "ISOLATION", "INSTANCES",
    ]

    /// A row of the table.
    var row: [(text: String, colour: Terminal.Colour?)] {
        [
            (name, nil),
            (phase, nil),
            (health, colour),
            (json["phaseMs"]?.milliseconds?.spoken ?? "-", nil),
            (text("restarts"), nil),
            (json["lastExit"]?["reason"]?.string.map { Self.short($0) } ?? "-", nil),
            (json["nextAttemptInMs"]?.milliseconds.map { "in \($0.spoken)" } ?? "-", nil),
            (json["transport"]?.string ?? "-", nil),
            (text("tools"), nil),
            (text("sessions"), nil),
            (text("inFlight"), nil),
            (isolation, nil),
            (text("instances"), nil),
        ]
    }

    /// All that is known of it, a line each.
    var details: String {
        var lines = ["\(name): \(phase), \(reason)"]
        func add(_ title: String, _ text: String?) {
            if let text { lines.append("  \(title): \(text)") }
        }
        add(
            "health",
            json["health"].map { health in
                [health["level"]?.string, health["summary"]?.string, health["detail"]?.string].compactMap(\.self)
                    .joined(separator: ", ")
            })
        add("to do", json["health"]?["suggestedAction"]?.string)
        add("required", isRequired ? "yes" : "no")
        add("transport", json["transport"]?.string)
        add("process", json["pid"].map { "\($0.description), life \(generation)" })
        add("ready after", json["startTookMs"]?.milliseconds?.spoken)
        add("restarts", text("restarts"))
        add("tools", json["tools"]?.description)
        lines += hiddenTools
        add("sessions", "\(text("sessions")), calls in flight \(text("inFlight"))")
        add("isolation", "\(isolation), instances \(text("instances"))")
        lines += specification
        for life in (json["pastLives"]?.elements ?? []).reversed() {
            lines.append("  " + Self.sentence(on: life))
            if let words = life["exit"]?["stderr"]?.string { lines.append("    last stderr line: \(words)") }
        }
        return lines.map { Terminal.harmless($0) + "\n" }.joined()
    }

    /// A line for each tool that no client is told of.
    var hiddenTools: [String] {
        (json["hiddenTools"]?.elements ?? []).map { tool in
            "  hidden tool: \(tool["name"]?.string ?? ""), \(tool["reason"]?.string ?? "")"
        }
    }

    private var specification: [String] {
        guard let specification = json["specification"] else { return [] }
        var lines: [String] = []
        if let command = specification["command"]?.string {
            let arguments = specification["arguments"]?.elements?.compactMap(\.string) ?? []
            lines.append("  command: \(([command] + arguments).joined(separator: " "))")
            if let file = specification["file"]?.string { lines.append("  program: \(file)") }
            if let problem = specification["problem"]?.string { lines.append("  problem: \(problem)") }
            let variables = specification["environment"]?.members?.map(\.key) ?? []
            if !variables.isEmpty { lines.append("  environment: \(variables.joined(separator: ", "))") }
        }
        if let url = specification["url"]?.string { lines.append("  url: \(url)") }
        return lines
    }

    private var colour: Terminal.Colour? {
        switch health {
        case "healthy": .green
        case "degraded": .yellow
        case "unhealthy": .red
        default: .dim
        }
    }

    private func text(_ key: String) -> String { json[key]?.description ?? "-" }

    private static func sentence(on life: JSONValue) -> String {
        let ready = life["readyForMs"]?.milliseconds.map { "ready for \($0.spoken)" } ?? "never ready"
        let cause = life["askedFor"]?.isTrue == true ? "stopped on request" : life["exit"]?["reason"]?.string ?? ""
        let ended = life["endedAgoMs"]?.milliseconds?.spoken ?? "some time"
        return "life \(life["generation"]?.integer ?? 0) ended \(ended) ago, \(ready): \(cause)"
    }

    private static func short(_ text: String) -> String {
        Terminal.harmless(text.count > 40 ? "\(text.prefix(39))…" : text)
    }
}
