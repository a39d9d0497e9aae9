/// Tools about what goes from a server to its client. `servers/questions.py` has tools of the same names.
extension ToolCall {
    private var asked: (method: String, params: String) {
        (request.arguments["method"]?.string ?? "ping", request.arguments["params"]?.description ?? "{}")
    }

    /// `{method, params}`: asks the client in the course of the call; the text is what came of it.
    func asks() async {
        await answer(text: await server.client.outcome(method: asked.method, params: asked.params))
    }

    /// `{method, params}`: answers, and then asks outside of any call; `outcomes` tells what came of it.
    func asksLater() async {
        await answer(text: "answered before the question")
        try? await Task.sleep(for: .milliseconds(50))
        let outcome = await server.client.outcome(method: asked.method, params: asked.params)
        await server.memory.add(outcome: outcome)
    }

    /// `{method, params, seconds}`: asks the client, and takes the question back after that time.
    func withdraws() async {
        await server.client.askAndWithdraw(method: asked.method, params: asked.params, after: seconds(otherwise: 0.2))
        await answer(text: "withdrawn")
    }

    /// `{id, url}`: an error that wants a URL visited first.
    func needsURL() async {
        let (id, url) = (request.arguments["id"]?.description ?? "0", request.arguments["url"]?.description ?? "0")
        let elicitation = #"{"mode":"url","elicitationId":\#(id),"url":\#(url),"message":"Visit it."}"#
        await server.reply(
            request, error: -32042, "A URL has to be visited first.", data: #"{"elicitations":[\#(elicitation)]}"#)
    }

    /// `{id}`: says that the URL of that elicitation was visited.
    func completes() async {
        let id = request.arguments["id"]?.description ?? "0"
        await server.notify("notifications/elicitation/complete", params: #"{"elicitationId":\#(id)}"#)
        await answer(text: "completed")
    }

    /// `{uri}`: says that the resource has changed, if that concerns anybody.
    func updates() async {
        let uri = request.arguments["uri"]?.string ?? ""
        let isWatched = await server.memory.isSubscribed(uri)
        if isWatched {
            await server.notify("notifications/resources/updated", params: #"{"uri":\#(JSONText.quoted(uri))}"#)
        }
        await answer(text: isWatched ? "sent" : "nobody has subscribed")
    }

    /// `{tag}`: one log message of each of four levels.
    func logs() async {
        let tag = request.arguments["tag"]?.description ?? "null"
        for level in ["debug", "info", "warning", "error"] {
            await server.log(level: level, data: #"{"tag":\#(tag),"level":"\#(level)"}"#)
        }
        await answer(text: "logged")
    }

    /// `{tag, level}`: answers, and then writes a log message outside of any call.
    func logsLater() async {
        await answer(text: "answered before the message")
        try? await Task.sleep(for: .milliseconds(50))
        let tag = request.arguments["tag"]?.description ?? "null"
        await server.log(level: request.arguments["level"]?.string ?? "info", data: #"{"tag":\#(tag)}"#)
    }

    /// `{name}`: adds a tool and says so.
    func grows() async {
        await server.memory.grow(request.arguments["name"]?.string ?? "grown")
        await server.notify("notifications/tools/list_changed", params: "{}")
        await answer(text: "grown")
    }

    /// `{name}`: does not answer until it is released or cancelled.
    func waits() async {
        let name = request.arguments["name"]?.string ?? ""
        let released = await server.memory.wait(as: name)
        if await Race.ended(released, before: request.end) {
            await answer(text: "released \(name)")
        } else {
            await server.memory.abandoned(name)
        }
    }

    /// `{seconds, …}`: answers with its arguments after that time.
    func sleeps() async {
        guard await Race.sleep(seconds(otherwise: 1), unlessEnded: request.end) else { return }
        await answer(text: request.arguments.description)
    }

    /// `{count, pause, message}`: progress with that message, and a pause before each.
    func steps() async {
        let count = request.arguments["count"]?.integer ?? 3
        let message = request.arguments["message"]?.description ?? #""step""#
        for step in stride(from: 1, through: count, by: 1) {
            try? await Task.sleep(for: seconds("pause", otherwise: 0))
            if await server.journal.isCancelled(id: request.id) { return }
            guard let token = request.progressToken else { continue }
            let numbers = #""progress":\#(step),"total":\#(count)"#
            await server.notify(
                "notifications/progress", params: #"{"progressToken":\#(token),\#(numbers),"message":\#(message)}"#)
        }
        await answer(text: "made \(count) steps")
    }

    private func seconds(_ name: String = "seconds", otherwise fallback: Double) -> Duration {
        .seconds(request.arguments[name].flatMap { Double($0.description) } ?? fallback)
    }
}
