internal import JSONRPC
internal import MCP
internal import NIOCore

/// What a client says of itself with the message that opens its connection: what the server elsewhere is told of it.
public struct BridgeClient: Sendable, Equatable {
    /// What it calls itself, if it does.
    public let name: String?
    /// Its version there.
    public let version: String?
    /// Whether it speaks MCP 2026-07-28 or later, which has no `initialize`.
    public let isModern: Bool
    /// What can be asked of it, for as long as the connection lives. Of a modern one each request says that itself.
    let capabilities: ClientCapabilities

    /// Reads a message; `nil` if it opens nothing.
    init?(opening message: Message) {
        guard message.kind == .request else { return nil }
        let meta = message.envelope.paramsMeta.map(message.slice)
        if Self.isModern(message) {
            isModern = true
            capabilities = .none
            (name, version) = Self.names(in: meta, key: MetaKey.clientInfo)
        } else if message.isMethod("initialize") {
            isModern = false
            let declared = message.params.flatMap { Self.member("capabilities", of: $0) }
            capabilities = (declared.map(ClientCapabilities.init) ?? .none).declared
            (name, version) = Self.names(in: message.params, key: "clientInfo")
        } else {
            return nil
        }
    }

    /// Whether a request says all of itself, as those of MCP 2026-07-28 do.
    static func isModern(_ message: Message) -> Bool {
        guard let claimed = RequestMetadata.claimedVersion(in: message) else { return false }
        return ProtocolRevision(legacy: claimed) == nil
    }

    private static func names(in object: ByteBuffer?, key: String) -> (name: String?, version: String?) {
        guard let info = object.flatMap({ member(key, of: $0) }) else { return (nil, nil) }
        func text(_ key: String) -> String? { member(key, of: info).flatMap(JSONOutline.string) }
        return (text("name"), text("version"))
    }

    private static func member(_ key: String, of object: ByteBuffer) -> ByteBuffer? {
        JSONOutline.members(of: object)?.first { $0.key == key }?.value
    }
}
