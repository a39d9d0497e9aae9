internal import JSONRPC
internal import MCP
internal import NIOCore
internal import Supervision

/// One life of the built-in server. It speaks to the multiplexer as any other server does, only without a process.
struct BuiltinConnection: UpstreamConnection {
    let tools: BuiltinTools
    let gatewayVersion: String
    let eventLoop: any EventLoop
    let onEvent: @Sendable (UpstreamEvent) -> Void

    func open() {
        let result = JSONText.object([
            ("protocolVersion", JSONText.quotedBuffer(ProtocolRevision.newestLegacy.rawValue)),
            ("capabilities", ByteBuffer(string: #"{"tools":{}}"#)),
            (
                "serverInfo",
                JSONText.object([
                    ("name", JSONText.quotedBuffer("mcp-gateway")),
                    ("version", JSONText.quotedBuffer(gatewayVersion)),
                ])
            ),
            ("instructions", JSONText.quotedBuffer(BuiltinTools.instructions)),
        ])
        eventLoop.execute {
            do throws(ServerDescription.Unusable) {
                onEvent(.ready(try ServerDescription(initializeResult: result)))
            } catch {
                onEvent(.unusable(reason: error.reason))
            }
        }
    }

    func send(_ message: ByteBuffer, context: CallContext) throws(UpstreamSendFailure) {
        guard let request = try? Message(message), let id = request.id else { return }
        // Not at once: whoever sends is still at work on the call.
        eventLoop.execute {
            guard let answer = try? Message(answer(to: request, id: id)) else { return }
            onEvent(.message(answer))
        }
    }

    func closeInput() { end() }
    func terminate() { end() }
    func kill() { end() }

    private func end() {
        eventLoop.execute { onEvent(.ended(.exited(status: 0), isPermanent: false)) }
    }

    private func answer(to request: Message, id: RequestID) -> ByteBuffer {
        switch request.methodName {
        case "tools/list":
            MessageBuilder.result(id: id, JSONText.object([("tools", BuiltinTools.list)]))
        case "tools/call":
            switch tools.call(request.paramsName ?? "", arguments: request.toolArguments) {
            case .success(let result): MessageBuilder.result(id: id, result)
            case .failure(let unknown):
                MessageBuilder.error(id: id, code: ErrorCode.invalidParams.rawValue, message: unknown.message)
            }
        default:
            MessageBuilder.error(
                id: id, code: ErrorCode.methodNotFound.rawValue, message: "the built-in server has only tools")
        }
    }
}

extension Message {
    /// The string arguments of a `tools/call`, by name.
    fileprivate var toolArguments: [String: String] {
        let arguments = params.flatMap { JSONOutline.members(of: $0) }?.first { $0.key == "arguments" }?.value
        let members = arguments.flatMap { JSONOutline.members(of: $0) } ?? []
        return Dictionary(
            members.compactMap { member in JSONOutline.string(member.value).map { (member.key, $0) } },
            uniquingKeysWith: { first, _ in first })
    }
}
