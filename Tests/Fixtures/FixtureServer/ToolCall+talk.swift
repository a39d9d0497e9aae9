/// Tools that send something else than their answer.
extension ToolCall {
    /// `{what}`: tools, resources or prompts.
    func listChanged() async {
        let what = request.arguments["what"]?.string ?? "tools"
        await server.notify("notifications/\(what)/list_changed", params: "{}")
        await reply(text: "sent")
    }

    /// `{uri}`: says that the resource was updated.
    func updated() async {
        let uri = request.arguments["uri"]?.string ?? "fixture://greeting"
        await server.notify("notifications/resources/updated", params: #"{"uri":\#(JSONText.quoted(uri))}"#)
        await reply(text: "sent")
    }

    /// `{level, data}`: a log message for the client.
    func log() async {
        let level = request.arguments["level"]?.string ?? "info"
        await server.log(level: level, data: request.arguments["data"]?.description ?? #""a line""#)
        await reply(text: "sent")
    }

    /// `{line}`: puts the text on stdout as it is, then answers.
    func raw() async {
        await server.output.raw(request.arguments["line"]?.string ?? "")
        await reply(text: "sent")
    }

    /// `{method, params}`: sends that request to the client; the answer's whole line is the text.
    func ask() async {
        let method = request.arguments["method"]?.string ?? "ping"
        let params = request.arguments["params"]?.description ?? "{}"
        await reply(text: await server.client.ask(method: method, params: params) ?? "no answer")
    }
}
