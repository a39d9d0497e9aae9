internal import GatewayCore

/// A request for something of the OpenAPI side that the ladder has let in.
struct OpenAPIRequest: Sendable {
    enum Wish: Sendable, Equatable {
        case document
        /// The page for people.
        case page
        /// A call.
        ///
        /// - isRaw: whether the answer is to be MCP's own, a `CallToolResult`.
        case call(tool: String, isRaw: Bool)
    }

    let wish: Wish
    /// Where; `nil` at the root, if the servers are not served together.
    let visit: Visit?
    /// The path under which the client reaches the route, and the one that the routes are below.
    let (path, root): (String, String)
    /// The routes that this client may use, if it asks for what is at the root.
    let names: [String]
    let settings: OpenAPISettings

    /// Whether its body is of any use.
    var hasBody: Bool {
        switch wish {
        case .document, .page: false
        case .call: true
        }
    }
}
