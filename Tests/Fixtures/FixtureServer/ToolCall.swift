import Foundation

/// One call of one of the server's tools.
struct ToolCall {
    let request: Request
    let server: Server

    func run() async {
        if server.options.requestSampling {
            _ = await server.client.ask(method: "sampling/createMessage", params: Self.samplingParams)
        }
        if let content = Everything.contents[request.toolName] { return await answer(content) }
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
        default: await runOthers()
        }
    }

    /// Those that stay with one topic; the others are about misbehaviour.
    private func runOthers() async {
        let memory = server.memory
        let grown = await memory.grown
        switch request.toolName {
        case "test_tool_with_logging": await logging()
        case "test_tool_with_progress": await steadyProgress()
        case "test_error_handling":
            await answer([Everything.text("This tool always fails.")], members: #","isError":true"#)
        case "test_reconnection": await reconnection()
        case "test_sampling": await sample()
        case "test_elicitation": await elicit()
        case "test_elicitation_sep1034_defaults": await elicit("Change what is not right.", Everything.defaults)
        case "test_elicitation_sep1330_enums": await elicit("Choose.", Everything.choices)
        case "json_schema_2020_12_tool": await answer(text: request.arguments.description)
        case "structured":
            let members = #","structuredContent":\#(Catalogue.structured)"#
            await answer([Everything.text(Catalogue.structured)], members: members)
        case "asks": await asks()
        case "asks_later": await asksLater()
        case "outcomes": await answer(text: await memory.outcomesOfQuestions)
        case "withdraws": await withdraws()
        case "needs_url": await needsURL()
        case "completes": await completes()
        case "updates": await updates()
        case "subscriptions": await answer(text: await memory.subscriptions)
        case "levels": await answer(text: await memory.levelsSet)
        case "logs": await logs()
        case "logs_later": await logsLater()
        case "notified": await answer(text: await memory.notifications)
        case "capabilities": await answer(text: await memory.capabilities)
        case "grows": await grows()
        case "waits": await waits()
        case "release":
            await memory.release(request.arguments["name"]?.string ?? "")
            await answer(text: "done")
        case "seen": await answer(text: await memory.seen)
        case "sleeps": await sleeps()
        case "steps": await steps()
        case let name where grown.contains(name): await answer(text: name)
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
