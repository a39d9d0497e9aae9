internal import GatewayCore
internal import JSONRPC
internal import MCP
internal import NIOCore
internal import NIOHTTP1

/// The OpenAPI side (`docs/openapi.md`): each tool is a POST, each route has a document that describes them and a page
/// that shows them. Lives on the event loop.
struct OpenAPIEndpoint {
    let gateway: Gateway
    let retryAfter: Duration
    let pathless: PathlessTools

    func handle(_ request: OpenAPIRequest, body: ByteBuffer, responder: Responder) {
        switch request.wish {
        case .call(let tool, let isRaw):
            guard let visit = request.visit else { return responder.respond(.detail(.notFound, "Not Found")) }
            call(tool, isRaw: isRaw, visit, body, responder)
        case .document:
            gather(request, responder) { .json(.ok, $0.json) }
        case .page:
            gather(request, responder) { OpenAPIPage($0).response }
        }
    }

    private func call(_ tool: String, isRaw: Bool, _ visit: Visit, _ body: ByteBuffer, _ responder: Responder) {
        let isDeclared = visit.fields.contentType.single.map(MediaType.isJSON) ?? false
        guard isDeclared || body.readableBytes == 0 else {
            return responder.respond(Response.unsupportedMediaType.asDetail)
        }
        let arguments: ByteBuffer
        do throws(ToolArguments.Mistake) {
            arguments = try ToolArguments.read(body)
        } catch {
            return responder.respond(.mistake(error))
        }
        let caller = caller(for: visit)
        let retryAfter = retryAfter
        responder.whenLost { caller.assumeIsolated { $0.leave() } }
        caller.assumeIsolated {
            $0.call(tool, arguments: arguments) { outcome in
                caller.assumeIsolated { $0.leave() }
                responder.respond(ToolAnswer.response(to: outcome, isRaw: isRaw, retryAfter: retryAfter))
            }
        }
    }

    private func caller(for visit: Visit) -> PlainCaller {
        PlainCaller(at: visit.route, as: visit.principal, headers: visit.forwarded, of: gateway)
    }

    private func gather(
        _ request: OpenAPIRequest, _ responder: Responder, _ render: @escaping (OpenAPIDocument) -> Response
    ) {
        guard let visit = request.visit else {
            return responder.respond(render(OpenAPIDocument(request, nil, [], isGuarded: false)))
        }
        let (retryAfter, pathless) = (retryAfter, pathless)
        let gathering = ToolGathering(
            caller(for: visit), on: gateway.eventLoop, onGrowth: { responder.hold($0) },
            done: { outcome in
                switch outcome {
                case .tools(let description, let all):
                    let tools = pathless.takenOut(of: all, at: visit.route.name)
                    responder.respond(
                        render(
                            OpenAPIDocument(request, description, tools, isGuarded: !visit.route.access.isOpen)))
                case .failure(let failure):
                    responder.respond(ToolAnswer.response(to: failure, isRaw: false, retryAfter: retryAfter))
                }
            })
        responder.whenLost { gathering.giveUp() }
        gathering.begin()
    }
}

extension OpenAPIDocument {
    /// The document that a request asks for.
    ///
    /// - Parameter server: what is known of the route; `nil` where the root has no tools of its own.
    fileprivate init(_ request: OpenAPIRequest, _ server: ServerDescription?, _ tools: [OpenAPITool], isGuarded: Bool) {
        let info = server.flatMap { JSONOutline.members(of: $0.serverInfo) } ?? []
        func text(_ key: String) -> String? {
            info.first { $0.key == key }.flatMap { JSONOutline.string($0.value) }
        }
        let title = text("name") ?? "MCP OpenAPI Proxy"
        let instructions = server?.instructions.flatMap { JSONOutline.string($0) }
        self.init(
            title: title, version: text("version") ?? "1.0",
            description: instructions ?? (server == nil ? "Tools of MCP servers" : "\(title) MCP Server"),
            links: request.names.map { ($0, "\(request.root)/\(PercentEncoding.path($0))/docs") }, path: request.path,
            isGuarded: isGuarded, operationIDs: request.settings.operationIDs, tools: tools)
    }
}
