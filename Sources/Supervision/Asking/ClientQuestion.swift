internal import JSONRPC

/// What a server can ask of a client (MCP "Client Features").
enum ClientQuestion {
    case sampling
    case elicitation
    case roots

    /// What a request asks, or `nil` if it is nothing that a client can be asked.
    init?(_ request: Message) {
        if request.isMethod("elicitation/create") {
            self = .elicitation
        } else if request.isMethod("sampling/createMessage") {
            self = .sampling
        } else if request.isMethod("roots/list") {
            self = .roots
        } else {
            return nil
        }
    }
}
