internal import ArgumentParser
internal import JSONRPC

/// `mcp-gateway tools [NAME]`: the tools that clients see.
struct ToolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Lists the tools of one server, or of all that are ready, as their clients see them.")

    @Argument(help: "The server, by its name in the configuration.")
    var name: String?

    @Flag(help: "As JSON: an object with the tools of each server by its name.")
    var json = false

    @OptionGroup
    var control: ControlOptions

    func validate() throws {
        try name?.mustNameServer()
    }

    func run() throws {
        let tools = try control.withClient { client throws(ControlFailure) in
            var tools: [(server: String, tools: JSONValue)] = []
            for name in try names(client) {
                do throws(ControlFailure) {
                    let answer = try client.get(
                        "servers/\(ControlClient.segment(name))/tools",
                        patience: self.name == nil ? .seconds(2) : .endless)
                    tools.append((name, answer["tools"] ?? JSONValue(Array("[]".utf8))))
                } catch {
                    // One of several that has none to tell does not hide the others.
                    guard self.name == nil else { throw error }
                    let reason = if case .silent = error { "it is not answering" } else { "\(error)" }
                    StandardError.write("mcp-gateway: \(name): \(Terminal.harmlessError(reason))\n")
                }
            }
            return tools
        }
        Terminal.write(json ? Self.object(tools) : text(tools))
    }

    private func names(_ client: ControlClient) throws(ControlFailure) -> [String] {
        if let name { return [name] }
        let servers = try client.get("servers")["servers"]?.elements ?? []
        return servers.map { ServerView(json: $0) }.filter(\.isReady).map(\.name)
    }

    private static func object(_ tools: [(server: String, tools: JSONValue)]) -> String {
        Terminal.json(JSONValue(JSONText.object(tools.map { ($0.server, $0.tools.text) })))
    }

    private func text(_ tools: [(server: String, tools: JSONValue)]) -> String {
        var table = Table(name == nil ? ["SERVER", "TOOL", "DESCRIPTION"] : ["TOOL", "DESCRIPTION"])
        for (server, tools) in tools {
            for tool in tools.elements ?? [] {
                let description = tool["description"]?.string?.split(separator: "\n").first.map(String.init) ?? ""
                let cells = [tool["name"]?.string ?? "", description].map {
                    (Terminal.harmless($0), Terminal.Colour?.none)
                }
                table.add(name == nil ? [(server, nil)] + cells : cells)
            }
        }
        return table.text
    }
}
