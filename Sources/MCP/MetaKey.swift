internal import JSONRPC
public import NIOCore

/// The names in `_meta` by which requests and results of MCP 2026-07-28 describe themselves ("Overview", `_meta`).
public enum MetaKey {
    /// The revision of a request.
    public static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    static let protocolVersionName: StaticString = "io.modelcontextprotocol/protocolVersion"
    /// What may be asked of the client of a request.
    public static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    /// The client of a request.
    public static let clientInfo = "io.modelcontextprotocol/clientInfo"
    /// The least severe log messages that are wanted in the course of a request.
    public static let logLevel = "io.modelcontextprotocol/logLevel"
    /// The server of a result.
    public static let serverInfo = "io.modelcontextprotocol/serverInfo"
    /// The `subscriptions/listen` that a notification belongs to.
    public static let subscriptionID = "io.modelcontextprotocol/subscriptionId"

    /// What a request says of itself and of its client.
    public static let ofRequests: Set<String> = [protocolVersion, clientCapabilities, clientInfo, logLevel]

    /// The value under a name in the `_meta` of an object, as JSON text.
    public static func value(_ key: String, in object: ByteBuffer) -> ByteBuffer? {
        JSONOutline.members(of: object)?.first { $0.key == "_meta" }
            .flatMap { JSONOutline.members(of: $0.value) }?.first { $0.key == key }?.value
    }
}
