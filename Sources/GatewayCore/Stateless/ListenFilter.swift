internal import JSONRPC
internal import MCP
internal import NIOCore

/// What a `subscriptions/listen` asks to hear of (MCP 2026-07-28 schema, `SubscriptionFilter`).
struct ListenFilter: Equatable {
    /// Features whose lists' changes are wanted.
    var features: Set<Feature> = []
    /// URIs of resources whose changes are wanted, each once, as JSON text.
    var resources: [ByteBuffer] = []

    /// How many resources one subscription may name.
    static let capacity = 1024
    /// How long their URIs may be together.
    static let byteLimit = 256 << 10

    /// Nothing.
    init() {}

    /// Reads the `params`. What is not known is not honoured, and so not an error.
    init(params: ByteBuffer?) throws(ModernError) {
        let notifications = params.flatMap { JSONOutline.members(of: $0) }?.first { $0.key == "notifications" }?.value
        guard let notifications, let members = JSONOutline.members(of: notifications) else {
            throw ModernError(.invalidParams, "subscriptions/listen needs a \"notifications\" object in its params")
        }
        for (key, value) in members {
            if let feature = Self.feature(key) {
                switch String(buffer: value) {
                case "true": features.insert(feature)
                case "false", "null": break
                default: throw ModernError(.invalidParams, "\"notifications.\(key)\" must be true or false")
                }
            } else if key == "resourceSubscriptions" {
                try read(value)
            }
        }
    }

    private mutating func read(_ value: ByteBuffer) throws(ModernError) {
        guard let elements = JSONOutline.elements(of: value), elements.allSatisfy({ JSONOutline.string($0) != nil })
        else {
            throw ModernError(.invalidParams, "\"notifications.resourceSubscriptions\" must be an array of strings")
        }
        var seen: Set<ByteBuffer> = []
        // Copies, or the whole request would be kept for as long as the subscription.
        resources = elements.filter { seen.insert($0).inserted }.map { ByteBuffer(bytes: $0.readableBytesView) }
        guard resources.count <= Self.capacity else {
            throw ModernError(.invalidParams, "a subscription may name \(Self.capacity) resources at most")
        }
        guard resources.reduce(0, { $0 + $1.readableBytes }) <= Self.byteLimit else {
            throw ModernError(
                .invalidParams, "the resources of a subscription may have \(Self.byteLimit) bytes at most")
        }
    }

    /// As a JSON object, without what is not wanted.
    var json: ByteBuffer {
        var members = Feature.allCases.filter(features.contains).compactMap { feature in
            Self.key(feature).map { (key: $0, value: ByteBuffer(string: "true")) }
        }
        if !resources.isEmpty { members.append(("resourceSubscriptions", JSONText.array(resources))) }
        return JSONText.object(members)
    }

    private static func feature(_ key: String) -> Feature? {
        Feature.allCases.first { self.key($0) == key }
    }

    private static func key(_ feature: Feature) -> String? {
        switch feature {
        case .tools: "toolsListChanged"
        case .prompts: "promptsListChanged"
        case .resources: "resourcesListChanged"
        case .completions, .logging: nil
        }
    }
}
