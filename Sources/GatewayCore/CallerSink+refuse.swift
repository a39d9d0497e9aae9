internal import JSONRPC
internal import MCP
internal import Supervision

extension CallerSink {
    /// Ends the call with a JSON-RPC error of the gateway's own.
    func refuse(_ id: RequestID, _ code: ErrorCode, _ message: String) {
        finish(.message(MessageBuilder.error(id: id, code: code.rawValue, message: message)))
    }
}
