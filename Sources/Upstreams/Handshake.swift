internal import JSONRPC
internal import MCP
internal import NIOCore

/// The opening of a connection to a server that is opened with `initialize` (MCP "Lifecycle"), as a value.
///
/// On a connection that many clients share the gateway declares no client capabilities: a server's question could not
/// be put to the right one.
struct Handshake {
    /// What to do about a message that came before the handshake was done.
    enum Step {
        /// Nothing yet.
        case wait
        /// Send this, and wait on.
        case reply(ByteBuffer)
        /// The server is known. Send this, and the connection is ready.
        case complete(ServerDescription, initialized: ByteBuffer)
        /// It cannot succeed.
        case fail(reason: String)
    }

    /// The id of the one request of the handshake. Calls count up from 1, so no call ever has it.
    static let requestID = RequestID(json: ByteBuffer(string: "\"initialize\""))

    let gatewayName: String
    let gatewayVersion: String
    /// What the server may ask of the client or clients behind the gateway, as JSON text.
    var capabilities = ClientCapabilities.none

    /// What to send first.
    var opening: ByteBuffer {
        let clientInfo = JSONText.object([
            ("name", JSONText.quotedBuffer(gatewayName)),
            ("version", JSONText.quotedBuffer(gatewayVersion)),
        ])
        let params = JSONText.object([
            ("protocolVersion", JSONText.quotedBuffer(ProtocolRevision.newestLegacy.rawValue)),
            ("capabilities", capabilities.json),
            ("clientInfo", clientInfo),
        ])
        return MessageBuilder.request(
            id: Self.requestID, method: "initialize", params: params)
    }

    /// Takes a message of the server's.
    func step(_ message: Message) -> Step {
        switch message.kind {
        case .notification:
            return .wait
        case .request:
            return message.id.map { .reply(Self.answer(to: message, id: $0)) } ?? .wait
        case .response:
            guard message.id == Self.requestID else { return .wait }
            return conclude(message)
        }
    }

    private func conclude(_ answer: Message) -> Step {
        guard let result = answer.envelope.result else {
            let error = answer.envelope.error.flatMap { JSONOutline.members(of: answer.slice($0)) }
            let text = error?.first { $0.key == "message" }.flatMap { JSONOutline.string($0.value) }
            return .fail(reason: "it refused initialize: \(text ?? "no reason given")")
        }
        do throws(ServerDescription.Unusable) {
            let description = try ServerDescription(initializeResult: answer.slice(result))
            return .complete(description, initialized: MessageBuilder.notification(method: "notifications/initialized"))
        } catch {
            return .fail(reason: error.reason)
        }
    }

    /// A server may ping at any time; nothing else can be asked of the gateway.
    private static func answer(to request: Message, id: RequestID) -> ByteBuffer {
        if request.isMethod("ping") { return MessageBuilder.result(id: id, ByteBuffer(string: "{}")) }
        return MessageBuilder.error(
            id: id, code: ErrorCode.methodNotFound.rawValue, message: "the gateway declared no such capability")
    }
}
