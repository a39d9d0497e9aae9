/// A server feature that is advertised as a capability of the same name and brings its own methods
/// (MCP "Lifecycle", capability negotiation).
public enum Feature: String, Sendable, CaseIterable {
    /// `tools/*`
    case tools
    /// `prompts/*`
    case prompts
    /// `resources/*`
    case resources
    /// `completion/*`
    case completions
    /// `logging/*`
    case logging

    /// The feature that `method` belongs to, or `nil` for a method that needs no capability.
    public init?(method: String) {
        // Nearly all are calls of tools.
        if method == "tools/call" {
            self = .tools
            return
        }
        guard let slash = method.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        // A short string is compared as one number, a substring by its characters.
        switch String(method[..<slash]) {
        case "tools": self = .tools
        case "prompts": self = .prompts
        case "resources": self = .resources
        case "completion": self = .completions
        case "logging": self = .logging
        default: return nil
        }
    }

    /// The notification that tells clients to list this feature again, if it has lists.
    public var listChangedMethod: String? {
        switch self {
        case .tools: "notifications/tools/list_changed"
        case .prompts: "notifications/prompts/list_changed"
        case .resources: "notifications/resources/list_changed"
        case .completions, .logging: nil
        }
    }
}
