/// What the gateway calls itself.
enum Product {
    static let name = "mcp-gateway"
    static let version = "0.1.0"
}
