import Foundation

/// Reads requests on the main thread and answers them from tasks, so that slow calls do not delay quick ones.
struct Server {
    let options: Options
    let output: Output
    let journal = Journal()
    let memory = Memory()
    let client: ClientRequests
    private let recording = Recording()

    init(options: Options) {
        self.options = options
        output = Output(options: options, recording: recording)
        client = ClientRequests(output: output)
    }

    /// Returns at the end of stdin, without waiting for calls in flight.
    @MainActor
    func run() async {
        await output.writeBanner()
        var reader = LineReader()
        var initialized = false
        var calls = 0
        await withDiscardingTaskGroup { group in
            while let line = reader.next() {
                recording?.heard(line)
                let message = RawJSON(line)
                guard let method = message["method"]?.string else {
                    if let id = message["id"] { await client.answered(id: id.description, line: line) }
                    continue
                }
                await journal.record(method: method, line: line)
                guard let id = message["id"]?.description else {
                    await notified(method, message["params"])
                    continue
                }
                if method == "initialize" { initialized = true }
                obeyExitOptions(method: method, initialized: initialized)
                let request = Request(
                    id: id, method: method, params: message["params"], line: line, end: await journal.open(id: id))
                if method == "tools/call" {
                    calls += 1
                    if let limit = options.crashAfter, calls > limit {
                        StartUp.leave(70, because: "crashing after \(limit) calls")
                    }
                    if request.toolName == "stop_reading" {
                        reader.pause(milliseconds: request.arguments["ms"]?.integer ?? 1000)
                    }
                }
                group.addTask {
                    await answer(request)
                    await journal.close(id: id)
                }
            }
            if !options.ignoreEOF { exit(0) }
        }
    }

    private func obeyExitOptions(method: String, initialized: Bool) {
        if method == "initialize", let code = options.exitOnInitialize {
            StartUp.leave(code, because: "told to exit on initialize")
        }
        if !initialized, method != "ping", let code = options.exitOnProbe {
            StartUp.leave(code, because: "expected initialize, got \(method)")
        }
    }

    private func notified(_ method: String, _ params: RawJSON?) async {
        if method == "notifications/cancelled" {
            if let id = params?["requestId"] { await journal.cancel(id: id.description) }
        } else if method != "notifications/initialized" {
            await memory.heard(method, params)
        }
    }

    private func answer(_ request: Request) async {
        let uri = request.params?["uri"]?.string ?? ""
        switch request.method {
        case "initialize":
            await memory.declared(request.params?["capabilities"]?.description ?? "{}")
            if !options.hangOnInitialize { await reply(request, result: Handshake.result(for: request, options)) }
        case "ping":
            await reply(request, result: "{}")
        case "logging/setLevel":
            await memory.setLevel(request.params?["level"]?.string ?? "")
            await reply(request, result: "{}")
        case "resources/subscribe":
            await memory.subscribe(uri)
            if uri == "test://refused" {
                await reply(request, error: -32002, "Nothing to subscribe to")
            } else {
                await reply(request, result: "{}")
            }
        case "resources/unsubscribe":
            await memory.unsubscribe(uri)
            await reply(request, result: "{}")
        case "tools/list" where options.tools:
            let members = #","x-unknown":\#(Catalogue.oddities)"#
            await reply(request, list: Catalogue.tools(grown: await memory.grown), as: "tools", members: members)
        case "tools/call" where options.tools:
            await ToolCall(request: request, server: self).run()
        case "resources/list" where options.resources:
            await reply(request, list: Catalogue.resources, as: "resources")
        case "resources/templates/list" where options.resources:
            await reply(request, list: Catalogue.resourceTemplates, as: "resourceTemplates")
        case "resources/read" where options.resources:
            await readResource(request)
        case "prompts/list" where options.prompts:
            await reply(request, list: Catalogue.prompts, as: "prompts")
        case "prompts/get" where options.prompts:
            await reply(request, result: Catalogue.prompt(request))
        case "completion/complete":
            await reply(request, result: Completion.result(for: request.params))
        default:
            await reply(request, error: -32601, "Method not found: \(request.method)")
        }
    }

    private func readResource(_ request: Request) async {
        let uri = request.params?["uri"]?.string ?? ""
        if let contents = Everything.contents(of: uri) {
            await reply(request, result: contents)
        } else if uri.hasPrefix("fixture://greeting") {
            await reply(request, result: Catalogue.contents(uri: uri))
        } else {
            await reply(request, error: -32002, "Resource not found: \(uri)")
        }
    }

    private func reply(_ request: Request, list: [String], as key: String, members: String = "") async {
        let cursor = request.params?["cursor"]
        let page = Pages.page(list, as: key, cursor: cursor, size: options.pageSize, members: members)
        guard let page else {
            return await reply(request, error: -32602, "no such cursor: \(cursor?.string ?? "")")
        }
        await reply(request, result: page)
    }

    func reply(_ request: Request, result: String) async {
        await output.message(#"{"jsonrpc":"2.0","id":\#(request.id),"result":\#(result)}"#)
    }

    func reply(_ request: Request, error code: Int, _ text: String, data: String? = nil) async {
        let data = data.map { #","data":\#($0)"# } ?? ""
        await output.message(
            #"{"jsonrpc":"2.0","id":\#(request.id),"error":{"code":\#(code),"message":\#(JSONText.quoted(text))\#(data)}}"#
        )
    }

    /// A log message, unless the client has asked for less.
    func log(level: String, data: String) async {
        guard await memory.wants(level: level) else { return }
        let level = JSONText.quoted(level)
        await notify("notifications/message", params: #"{"level":\#(level),"logger":"fixture","data":\#(data)}"#)
    }

    func notify(_ method: String, params: String) async {
        await output.message(#"{"jsonrpc":"2.0","method":\#(JSONText.quoted(method)),"params":\#(params)}"#)
    }
}
