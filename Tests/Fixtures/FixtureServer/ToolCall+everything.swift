/// The tools of the conformance scenarios that do more than answer.
extension ToolCall {
    func logging() async {
        for message in ["started", "working", "completed"] {
            await server.log(level: "info", data: JSONText.quoted(message))
            try? await Task.sleep(for: .milliseconds(20))
        }
        await answer([Everything.text("Logged.")])
    }

    func steadyProgress() async {
        for done in [0, 50, 100] {
            if let token = request.progressToken {
                let params = #"{"progressToken":\#(token),"progress":\#(done),"total":100,"message":"\#(done) of 100"}"#
                await server.notify("notifications/progress", params: params)
            }
            try? await Task.sleep(for: .milliseconds(20))
        }
        await answer([Everything.text("Reported.")])
    }

    /// There is no stream to close over stdio.
    func reconnection() async {
        try? await Task.sleep(for: .milliseconds(100))
        await answer([Everything.text("Answered after the stream was closed.")])
    }

    func sample() async {
        let message = #"{"role":"user","content":\#(Everything.text(request.arguments["prompt"]?.string ?? ""))}"#
        await question("sampling/createMessage", #"{"messages":[\#(message)],"maxTokens":100}"#)
    }

    func elicit() async {
        let message = request.arguments["message"]?.string ?? ""
        let properties = #"{"username":{"type":"string"},"email":{"type":"string","format":"email"}}"#
        let schema = #"{"type":"object","properties":\#(properties),"required":["username","email"]}"#
        await elicit(message, schema)
    }

    func elicit(_ message: String, _ schema: String) async {
        await question(
            "elicitation/create", #"{"message":\#(JSONText.quoted(message)),"requestedSchema":\#(schema)}"#)
    }

    /// Asks the client, and answers with what came of it.
    private func question(_ method: String, _ params: String) async {
        let outcome = await server.client.outcome(method: method, params: params)
        let failed = RawJSON(outcome)["error"] != nil
        await answer([Everything.text(outcome)], members: #","isError":\#(failed)"#)
    }

    /// Exactly this content; `members` are further members of the result, each with its leading comma.
    func answer(_ content: [String], members: String = "") async {
        await server.reply(request, result: #"{"content":[\#(content.joined(separator: ","))]\#(members)}"#)
    }

    func answer(text: String) async {
        await answer([Everything.text(text)])
    }
}
