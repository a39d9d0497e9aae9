internal import JSONRPC
internal import NIOCore
internal import Supervision

/// The tools of the built-in server.
struct BuiltinTools: Sendable {
    /// A tool that does not exist.
    struct Unknown: Error {
        let message: String
    }

    static let instructions = """
        This is the gateway itself. Ask it when another MCP server behind it does not answer: \
        list_servers tells how each one stands, server_status tells why.
        """

    let administration: any Administration
    /// The name of the server that offers these tools.
    let ownName: String

    func call(_ tool: String, arguments: [String: String]) -> Result<ByteBuffer, Unknown> {
        guard let tool = BuiltinTool(rawValue: tool) else {
            return .failure(Unknown(message: "Unknown tool: \(tool)"))
        }
        switch tool {
        case .listServers: return .success(listServers())
        case .serverStatus: return .success(about(arguments["server"], status))
        case .serverStandardError: return .success(about(arguments["server"], standardError))
        case .restartServer: return .success(about(arguments["server"], restart))
        }
    }

    private func listServers() -> ByteBuffer {
        let servers = administration.servers()
        let lines = servers.flatMap(\.lines)
        return Self.result(lines, structured: [("servers", JSONText.array(servers.map(\.json)))])
    }

    private func status(_ server: ServerSnapshot) -> ByteBuffer {
        let lives = administration.pastLives(of: server.name) ?? []
        let lines = server.lines + lives.reversed().map(\.description)
        return Self.result(
            lines,
            structured: [
                ("server", server.json),
                ("pastLives", JSONText.array(lives.map { JSONText.quotedBuffer($0.description) })),
            ])
    }

    private func standardError(_ server: ServerSnapshot) -> ByteBuffer {
        let lines = administration.standardErrorLines(of: server.name) ?? []
        return Self.result(
            lines.isEmpty ? ["\(server.name) has written nothing to stderr"] : lines,
            structured: [("lines", JSONText.array(lines.map(JSONText.quotedBuffer)))])
    }

    private func restart(_ server: ServerSnapshot) -> ByteBuffer {
        guard server.name != ownName else {
            return Self.failure("\(ownName) is the gateway itself: systemctl restart mcp-gateway restarts it")
        }
        _ = administration.restart(server.name)
        if let now = administration.servers().first(where: { $0.name == server.name }),
            !now.isWantedUp || now.phase == .failed
        {
            return Self.failure("\(now.name) cannot be started: it is \(now.phase.rawValue), \(now.reason)")
        }
        return Self.result(
            ["\(server.name) is being restarted; server_status tells how it goes"],
            structured: [("restarting", JSONText.quotedBuffer(server.name))])
    }

    private func about(_ name: String?, _ tell: (ServerSnapshot) -> ByteBuffer) -> ByteBuffer {
        let servers = administration.servers()
        let names = servers.map(\.name).joined(separator: ", ")
        guard let name else { return Self.failure("say which \"server\": \(names)") }
        guard let server = servers.first(where: { $0.name == name }) else {
            return Self.failure("there is no server \"\(name)\"; there are \(names)")
        }
        return tell(server)
    }

    /// A `CallToolResult` that says the same to people and to programs (MCP "Tools", structured content).
    private static func result(
        _ lines: [String], structured: [(key: String, value: ByteBuffer)], isError: Bool = false
    ) -> ByteBuffer {
        let text = JSONText.object([
            ("type", JSONText.quotedBuffer("text")),
            ("text", JSONText.quotedBuffer(lines.joined(separator: "\n"))),
        ])
        var members = [(key: "content", value: JSONText.array([text]))]
        if !structured.isEmpty { members.append(("structuredContent", JSONText.object(structured))) }
        members.append(("isError", ByteBuffer(string: isError ? "true" : "false")))
        return JSONText.object(members)
    }

    private static func failure(_ text: String) -> ByteBuffer {
        result([text], structured: [], isError: true)
    }
}

extension ServerSnapshot {
    /// How a server stands, for people: below that, what is not well with it and what can be done, if anything.
    fileprivate var lines: [String] {
        var lines = ["\(name): \(phase.rawValue), \(discreetReason)"]
        guard health.level != .off else { return lines }
        if health.level != .healthy { lines.append("  \(health.level.rawValue): \(health.summary)") }
        if let detail = health.detail, detail != discreetReason { lines.append("  \(detail)") }
        if let action = health.suggestedAction { lines.append("  to do: \(action)") }
        return lines
    }
}
