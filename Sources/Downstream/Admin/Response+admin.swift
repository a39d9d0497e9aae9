internal import GatewayCore
internal import JSONRPC
internal import NIOCore
internal import NIOHTTP1
internal import Supervision

extension Response {
    /// A JSON object.
    static func members(_ members: [(key: String, value: ByteBuffer)]) -> Response {
        .json(.ok, JSONText.object(members))
    }

    static let noSuchResource = refusal(
        .notFound, "the admin API has nothing there", hint: "docs/admin-api.md lists what it has")

    static let adminUnauthorized = refusal(
        .unauthorized, "missing or unknown token",
        hint: "send Authorization: Bearer TOKEN with one of mcpProxy.admin.tokens"
    ).with("www-authenticate", "Bearer")

    static let ordersNeedToken = refusal(
        .forbidden, "orders over the network need a token, and the configuration has none",
        hint: "set mcpProxy.admin.tokens, or use the commands of mcp-gateway on its machine")

    static let lookingNeedsToken = refusal(
        .forbidden, "without a token the servers are shown on this machine only, and only if none of them has tokens",
        hint:
            "set mcpProxy.admin.tokens (or mcpProxy.admin.page to true, to show a gateway without tokens to everybody)")

    static func noServer(_ name: String, _ control: any GatewayControl) -> Response {
        let names = control.servers().map(\.name)
        return refusal(
            .notFound, "there is no server \"\(name)\"",
            hint: names.isEmpty ? "the configuration has none" : "there are \(names.joined(separator: ", "))")
    }

    /// What a server has answered its operator, or why it has not.
    static func outcome(_ outcome: OperatorRequest.Outcome) -> Response {
        switch outcome {
        case .result(let result): members([("result", result)])
        case .error(let error):
            json(.badGateway, JSONText.object([("error", message(of: error)), ("rpcError", error)]))
        case .unavailable(let unavailability):
            refusal(.serviceUnavailable, unavailability.reason, hint: "try again when the server is ready")
        case .lost(let reason):
            refusal(
                .badGateway, reason, hint: "the server may have done it all the same: look before you call it again")
        case .impossible(let reason): refusal(.serviceUnavailable, reason, hint: "try again")
        }
    }

    private static func message(of error: ByteBuffer) -> ByteBuffer {
        let message = JSONOutline.members(of: error)?.first { $0.key == "message" }?.value
        guard let message, JSONOutline.string(message) != nil else { return JSONText.quotedBuffer("an error") }
        return message
    }
}
