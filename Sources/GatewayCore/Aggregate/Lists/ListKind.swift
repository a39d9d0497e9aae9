internal import MCP

/// The lists that a server may have.
enum ListKind: CaseIterable, Hashable {
    case tools
    case prompts
    case resources
    case templates

    /// The list that a request of this method asks for.
    init?(method: String) {
        guard let kind = Self.allCases.first(where: { $0.method == method }) else { return nil }
        self = kind
    }

    /// The request that asks for it.
    var method: String {
        switch self {
        case .tools: "tools/list"
        case .prompts: "prompts/list"
        case .resources: "resources/list"
        case .templates: "resources/templates/list"
        }
    }

    /// The member of the result that holds it.
    var key: String {
        switch self {
        case .tools: "tools"
        case .prompts: "prompts"
        case .resources: "resources"
        case .templates: "resourceTemplates"
        }
    }

    /// The member of an entry that tells it from the others.
    var identity: String {
        switch self {
        case .tools, .prompts: "name"
        case .resources: "uri"
        case .templates: "uriTemplate"
        }
    }

    /// What a server with such a list offers.
    var feature: Feature {
        switch self {
        case .tools: .tools
        case .prompts: .prompts
        case .resources, .templates: .resources
        }
    }
}
