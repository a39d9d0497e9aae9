internal import GatewayCore
internal import JSONRPC
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

/// The admin API (`docs/admin-api.md`): JSON in answer to each request, and two streams of events. Lives on the event
/// loop.
struct AdminEndpoint {
    let gateway: Gateway

    func handle(_ request: AdminRequest, body: ByteBuffer, responder: Responder) {
        let control = request.door.control
        switch request.target {
        case .version:
            responder.respond(.members(control.facts().versionMembers))
        case .status:
            let responder = NIOLoopBound(responder, eventLoop: gateway.eventLoop)
            control.countTools { responder.value.respond(.json(.ok, AdminJSON.status(control))) }
        case .servers:
            let responder = NIOLoopBound(responder, eventLoop: gateway.eventLoop)
            control.countTools { responder.value.respond(.members([("servers", AdminJSON.servers(control))])) }
        case .server(let name):
            responder.respond(AdminJSON.server(name, control).map { .json(.ok, $0) } ?? .noServer(name, control))
        case .standardError(let name):
            tellStandardError(of: name, request, responder)
        case .tools(let name):
            listTools(of: name, control, responder)
        case .clients(let name):
            tellClients(of: name, request, responder)
        case .call(let name):
            call(name, body, control, responder)
        case .order(let name, let order):
            carryOut(order, name, control, responder)
        case .reload:
            reload(request, responder)
        case .events:
            AdminStream.openNews(control, gateway.eventLoop, responder)
        case .unknown:
            responder.respond(.noSuchResource)
        }
    }

    /// How many lines are told unless it is said how many.
    private static let lineCount = 50

    private func tellStandardError(of name: String, _ request: AdminRequest, _ responder: Responder) {
        let control = request.door.control
        guard let lines = control.standardErrorLines(of: name) else {
            return responder.respond(.noServer(name, control))
        }
        let asked = request.query["lines"]
        guard let count = asked.map({ Int($0) }) ?? Self.lineCount, count >= 0 else {
            return responder.respond(
                .refusal(.badRequest, "\"lines\" is no number", hint: "send ?lines=50, or leave it out"))
        }
        let last = Array(lines.suffix(count))
        guard request.wantsEvents else {
            return responder.respond(.members([("lines", JSONText.array(last.map(JSONText.quotedBuffer)))]))
        }
        AdminStream.openLines(of: name, after: last, control, gateway.eventLoop, responder)
    }

    private func listTools(of name: String, _ control: any GatewayControl, _ responder: Responder) {
        guard let route = gateway.route(named: name) else {
            return responder.respond(.noServer(name, control))
        }
        _ = ToolListing.fetch(from: route, of: gateway) { outcome in
            switch outcome {
            case .tools(let tools): responder.respond(.members([("tools", JSONText.array(tools))]))
            case .failure(let failure): responder.respond(.outcome(failure))
            }
        }
    }

    private func tellClients(of name: String, _ request: AdminRequest, _ responder: Responder) {
        guard let route = gateway.route(named: name) else {
            return responder.respond(.noServer(name, request.door.control))
        }
        guard let base = request.query["base"], PublicAddress(baseURL: base) != nil else {
            return responder.respond(
                .refusal(
                    .badRequest, "it is not said where clients reach the gateway",
                    hint: "send ?base= with its address, such as http%3A%2F%2Flinuxserver.lan%3A9090"))
        }
        responder.respond(.members([("clients", ClientSnippets.json(for: route, below: base))]))
    }

    private func call(_ name: String, _ body: ByteBuffer, _ control: any GatewayControl, _ responder: Responder) {
        guard let route = gateway.route(named: name) else {
            return responder.respond(.noServer(name, control))
        }
        let members = JSONOutline.members(of: body) ?? []
        func member(_ key: String) -> ByteBuffer? { members.first { $0.key == key }?.value }
        let arguments = member("arguments") ?? ByteBuffer(string: "{}")
        guard let tool = member("tool"), JSONOutline.string(tool) != nil, JSONOutline.members(of: arguments) != nil
        else {
            return responder.respond(
                .refusal(
                    .badRequest, "the body names no tool",
                    hint: #"send {"tool": "NAME", "arguments": {…}}, of which the latter may be left out"#))
        }
        let params = JSONText.object([("name", tool), ("arguments", arguments)])
        let call = OperatorRequest.send("tools/call", params: params, to: route, of: gateway) {
            responder.respond(.outcome($0))
        }
        responder.whenLost { call.cancel() }
    }

    private func carryOut(
        _ order: AdminTarget.Order, _ name: String, _ control: any GatewayControl, _ responder: Responder
    ) {
        let isThere =
            switch order {
            case .start: control.start(name)
            case .stop: control.stop(name)
            case .restart: control.restart(name)
            }
        guard isThere else { return responder.respond(.noServer(name, control)) }
        responder.respond(.json(.accepted, AdminJSON.server(name, control) ?? ByteBuffer(string: "{}")))
    }

    private func reload(_ request: AdminRequest, _ responder: Responder) {
        guard let isDryRun = request.onlySwitch("dryRun") else {
            return responder.respond(
                .refusal(
                    .badRequest, "the query is not understood, and nothing was done",
                    hint: "send ?dryRun=true, ?dryRun=false, or no query"))
        }
        let eventLoop = gateway.eventLoop
        request.door.control.reload(isDryRun: isDryRun) { report in
            eventLoop.execute {
                switch report {
                case .accepted: responder.respond(.json(.ok, report.json))
                case .refused: responder.respond(.json(.unprocessableEntity, report.json))
                case .notRead(let reason):
                    responder.respond(
                        .refusal(.serviceUnavailable, reason, hint: "try again in a moment").with("retry-after", "1"))
                }
            }
        }
    }
}

/// What the admin API says, as JSON text.
enum AdminJSON {
    static func status(_ control: any GatewayControl) -> ByteBuffer {
        let facts = control.facts()
        return JSONText.object(facts.versionMembers + facts.statusMembers + [("servers", servers(control))])
    }

    static func servers(_ control: any GatewayControl) -> ByteBuffer {
        JSONText.array(control.standings().map { JSONText.object($0.members) })
    }

    /// All that is known of a server; `nil` if there is none of this name.
    static func server(_ name: String, _ control: any GatewayControl) -> ByteBuffer? {
        guard let standing = control.standings().first(where: { $0.snapshot.name == name }) else { return nil }
        let lives = control.pastLives(of: name) ?? []
        return JSONText.object(
            standing.members + [
                ("pastLives", JSONText.array(lives.map(\.json))),
                ("specification", control.specification(of: name) ?? ByteBuffer(string: "null")),
            ])
    }
}
