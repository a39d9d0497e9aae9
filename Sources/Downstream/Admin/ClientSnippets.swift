internal import ClientSetup
internal import GatewayCore
internal import JSONRPC
internal import NIOCore

/// What connects each client to a server, as the admin API tells it.
enum ClientSnippets {
    /// The environment variable in which clients look for a token, as `print-config` has it.
    private static let tokenVariable = "MCP_GATEWAY_TOKEN"

    /// A list with an object for each client.
    ///
    /// - Parameter base: the address of the gateway, as clients reach it.
    static func json(for route: Route, below base: String) -> ByteBuffer {
        let prefix = base.hasSuffix("/") ? String(base.dropLast()) : base
        let endpoint = Endpoint(
            name: route.name, url: "\(prefix)/\(PercentEncoding.path(route.name))/mcp",
            tokenVariable: route.access.isOpen ? nil : tokenVariable)
        return JSONText.array(
            Client.allCases.map { client in
                let snippet = Snippet(for: client, [endpoint])
                return JSONText.object([
                    ("client", JSONText.quotedBuffer(client.rawValue)),
                    ("title", JSONText.quotedBuffer(client.title)),
                    ("text", JSONText.quotedBuffer(snippet.text)),
                    ("hints", JSONText.array(snippet.hints.map(JSONText.quotedBuffer))),
                ])
            })
    }
}
