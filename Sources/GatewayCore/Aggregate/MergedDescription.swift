internal import JSONRPC
internal import MCP
internal import NIOCore

/// What an endpoint for several servers says of itself when a client connects to it.
struct MergedDescription {
    /// What is known of one server.
    struct Member {
        let server: String
        let prefix: String
        /// What it said of itself, if it ever did.
        let description: ServerDescription?
    }

    /// The longest instructions of one server, and of all together, in characters: they cost every conversation.
    static let sectionLimit = 4096
    static let instructionsLimit = 16_384

    let members: [Member]
    /// The gateway's own name and version.
    let identity: (name: String, version: String)
    let separator: String

    /// The features that any of them offers. One that was never reached may offer each, and what is not announced now
    /// cannot be announced later.
    var features: Set<Feature> {
        members.reduce(into: []) { $0.formUnion($1.description?.features ?? Set(Feature.allCases)) }
    }

    /// The description, as if one server had sent it.
    func description() throws(ServerDescription.Unusable) -> ServerDescription {
        let empty = ByteBuffer(string: "{}")
        let features = features
        let capabilities = Feature.allCases.filter(features.contains).map { feature in
            (key: feature.rawValue, value: options(of: feature).map { ByteBuffer(string: $0) } ?? empty)
        }
        return try ServerDescription(
            initializeResult: JSONText.object([
                ("protocolVersion", JSONText.quotedBuffer(ProtocolRevision.newestLegacy.rawValue)),
                ("capabilities", JSONText.object(capabilities)),
                (
                    "serverInfo",
                    JSONText.object([
                        ("name", JSONText.quotedBuffer(identity.name)),
                        ("version", JSONText.quotedBuffer(identity.version)),
                    ])
                ),
                ("instructions", JSONText.quotedBuffer(instructions)),
            ]))
    }

    private func options(of feature: Feature) -> String? {
        switch feature {
        case .tools, .prompts: #"{"listChanged":true}"#
        case .resources where offersSubscriptions: #"{"subscribe":true,"listChanged":true}"#
        case .resources: #"{"listChanged":true}"#
        case .completions, .logging: nil
        }
    }

    private var offersSubscriptions: Bool { members.contains { $0.description?.offersSubscriptions ?? true } }

    /// A word on what this is, and what each server has to say.
    var instructions: String {
        var text = "Several MCP servers behind one gateway: \(members.map(\.server).joined(separator: ", "))."
        for member in members {
            guard let own = member.description?.instructions.flatMap(JSONOutline.string), !own.isEmpty else { continue }
            let prefix = member.prefix.isEmpty ? "" : " (its names begin with \"\(member.prefix)\(separator)\")"
            let section = "\n\n# \(member.server)\(prefix)\n\(Self.cut(own, to: Self.sectionLimit))"
            guard text.count + section.count <= Self.instructionsLimit else {
                return text + "\n\nThe instructions of further servers are left out."
            }
            text += section
        }
        return text
    }

    private static func cut(_ text: String, to limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }
}
