internal import JSONRPC
internal import NIOCore
internal import Supervision

/// What the doctor says of one server.
struct DoctorReport {
    let server: ServerView

    /// Whether it was meant to be ready and is not.
    var isBad: Bool { !server.isReady && server.phase != "disabled" && server.json["wantedUp"]?.isTrue == true }

    /// A few lines for people.
    var text: String {
        let specification = server.json["specification"]
        var lines = ["\(server.name): \(verdict)"]
        if let file = specification?["file"]?.string { lines.append("  program: \(file)") }
        if let problem = specification?["problem"]?.string { lines.append("  program: \(problem)") }
        if let url = specification?["url"]?.string { lines.append("  url: \(url)") }
        lines += server.hiddenTools
        if isBad {
            if specification?["problem"] == nil { lines.append("  reason: \(server.reason)") }
            if let action = server.json["health"]?["suggestedAction"]?.string { lines.append("  to do: \(action)") }
        }
        return lines.map { Terminal.harmless($0) + "\n" }.joined()
    }

    /// The object with `ok` before what is known of the server.
    var json: ByteBuffer {
        let members = (server.json.members ?? []).map { (key: $0.key, value: $0.value.text) }
        return JSONText.object([("ok", ByteBuffer(string: isBad ? "false" : "true"))] + members)
    }

    private var verdict: String {
        if server.isReady {
            let time = server.json["startTookMs"]?.milliseconds?.spoken
            return time.map { "ok, ready after \($0)" } ?? "ok"
        }
        if server.phase == "disabled" { return "switched off in the configuration" }
        return isBad ? "FAILED, \(server.phase)" : "\(server.phase), as somebody has asked for"
    }
}
