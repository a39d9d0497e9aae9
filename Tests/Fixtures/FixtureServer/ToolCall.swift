import Foundation

/// One call of one of the server's tools.
struct ToolCall {
    let request: Request
    let server: Server

    func run() async {
        if server.options.requestSampling {
            _ = await server.client.ask(method: "sampling/createMessage", params: Self.samplingParams)
        }
        switch request.toolName {
        case "echo": await echo()
        case "sleep": await sleep()
        case "late": await late()
        case "cancelled": await reply(text: await server.journal.cancelled)
        case "received": await received()
        case "progress": await progress()
        case "fail": await server.reply(request, error: -32050, "failed as asked", data: Catalogue.oddities)
        case "tool_error": await reply(text: "the tool failed as asked", members: #","isError":true"#)
        case "crash": await crash()
        case "flood_stderr": await floodStandardError()
        case "big": await big()
        case "environment": await reply(text: ProcessReport.json)
        case "list_changed": await listChanged()
        case "raw": await raw()
        case "ask": await ask()
        case "log": await log()
        case "updated": await updated()
        case "stop_reading": await reply(text: "reading again")
        default: await server.reply(request, error: -32602, "Unknown tool: \(request.toolName)")
        }
    }

    /// `members` are further members of the result, each with its leading comma.
    func reply(text: String, members: String = "") async {
        let content = #"[{"type":"text","text":\#(JSONText.quoted(text)),"x-unknown":\#(Catalogue.oddities)}]"#
        await server.reply(request, result: #"{"content":\#(content)\#(members),"x-unknown":\#(Catalogue.oddities)}"#)
    }

    func milliseconds(_ name: String, otherwise fallback: Int) -> Duration {
        .milliseconds(request.arguments[name]?.integer ?? fallback)
    }

    private static let samplingParams = #"""
        {"messages":[{"role":"user","content":{"type":"text","text":"Are you there?"}}],"maxTokens":10}
        """#
}
