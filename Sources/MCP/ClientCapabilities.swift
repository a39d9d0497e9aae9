internal import JSONRPC
public import NIOCore

/// What a client declared that a server may ask of it (MCP "Lifecycle", capability negotiation), kept as the JSON it
/// sent.
public struct ClientCapabilities: Sendable, Equatable {
    /// The `capabilities` object, as JSON text.
    public let json: ByteBuffer
    /// `sampling/createMessage`.
    public let sampling: Bool
    /// `elicitation/create` with a form: what the capability meant before there were modes, and means without any.
    public let formElicitation: Bool
    /// `elicitation/create` with a URL.
    public let urlElicitation: Bool
    /// `roots/list`.
    public let roots: Bool

    /// A client that can be asked nothing.
    public static let none = ClientCapabilities(json: ByteBuffer(string: "{}"))

    private static let empty = ByteBuffer(string: "{}")

    /// Reads a `capabilities` object. What is no object declares nothing.
    public init(json: ByteBuffer) {
        // Many a client can be asked nothing, and without sessions it says so with every request.
        let members = json.readableBytes > 2 ? JSONOutline.members(of: json) : nil
        self.json = members == nil ? Self.empty : json
        func object(_ key: String) -> [JSONOutline.Member]? {
            members?.first { $0.key == key }.flatMap { JSONOutline.members(of: $0.value) }
        }
        sampling = object("sampling") != nil
        roots = object("roots") != nil
        let modes = object("elicitation").map { Set($0.map(\.key)) }
        urlElicitation = modes?.contains("url") ?? false
        formElicitation = modes.map { $0.contains("form") || !$0.contains("url") } ?? false
    }

    /// What is declared to a server that serves this client alone. Tasks are not carried.
    public var declared: ClientCapabilities {
        let members = JSONOutline.members(of: json) ?? []
        guard members.contains(where: { $0.key == "tasks" }) else { return self }
        return ClientCapabilities(json: JSONText.object(members.filter { $0.key != "tasks" }))
    }

    /// Whether a server can ask anything of this client.
    public var isInteractive: Bool { sampling || formElicitation || urlElicitation || roots }
}
