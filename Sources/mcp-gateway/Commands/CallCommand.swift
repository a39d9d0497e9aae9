internal import ArgumentParser
internal import JSONRPC
internal import NIOCore

/// `mcp-gateway call NAME TOOL --args JSON`: calls a tool.
struct CallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Calls a tool of a server of the running gateway.",
        discussion: """
            Text of the answer is printed as it is, anything else as JSON. Exits with 1 if the tool says that it has \
            failed, or if the server had got the call and is gone before its answer, and with 75 if the server cannot \
            be called now.
            """)

    @Argument(help: "The server, by its name in the configuration.")
    var name: String

    @Argument(help: "The tool.")
    var tool: String

    @Option(help: "Its arguments, a JSON object.")
    var args = "{}"

    @Flag(help: "The whole result, as the server sent it.")
    var json = false

    @OptionGroup
    var control: ControlOptions

    func validate() throws {
        try name.mustNameServer()
        guard JSONOutline.members(of: ByteBuffer(string: args)) != nil else {
            throw ValidationError("--args is no JSON object. Write for instance --args '{\"timezone\": \"UTC\"}'.")
        }
    }

    func run() throws {
        let body = JSONValue(
            JSONText.object([("tool", JSONText.quotedBuffer(tool)), ("arguments", ByteBuffer(string: args))]))
        let result = try control.withClient { client throws(ControlFailure) in
            do throws(ControlFailure) {
                return try client.post("servers/\(ControlClient.segment(name))/call", body: body, patience: .endless)[
                    "result"]
            } catch .broken(let path, let reason) {
                // The gateway has died meanwhile.
                throw .refused(
                    status: 502, error: "\(path): \(reason)",
                    hint: "the server may have done it all the same: look before you call it again")
            }
        }
        guard let result else { return }
        Terminal.write(json ? Terminal.json(result) : text(of: result))
        if result["isError"]?.isTrue == true { throw ExitCode.failure }
    }

    private func text(of result: JSONValue) -> String {
        guard let content = result["content"]?.elements else { return result.description + "\n" }
        return content.map { item in
            let text = item["type"]?.string == "text" ? item["text"]?.string : nil
            let lines = (text ?? item.description).split(separator: "\n", omittingEmptySubsequences: false)
            return lines.map { Terminal.harmless(String($0)) }.joined(separator: "\n") + "\n"
        }.joined()
    }
}
