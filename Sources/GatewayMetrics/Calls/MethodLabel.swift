internal import JSONRPC

/// The methods that have a label of their own. Clients can make up others.
enum MethodLabel: String, CaseIterable, Sendable {
    case callTool = "tools/call"
    case listTools = "tools/list"
    case initialize
    case discover = "server/discover"
    case ping
    case listPrompts = "prompts/list"
    case getPrompt = "prompts/get"
    case listResources = "resources/list"
    case listResourceTemplates = "resources/templates/list"
    case readResource = "resources/read"
    case subscribe = "resources/subscribe"
    case unsubscribe = "resources/unsubscribe"
    case complete = "completion/complete"
    case setLevel = "logging/setLevel"
    case listen = "subscriptions/listen"
    case unknown = "_unknown"

    init(of request: Message) {
        // Nearly all are that.
        if request.isMethod("tools/call") {
            self = .callTool
        } else {
            self = request.methodName.flatMap(MethodLabel.init) ?? .unknown
        }
    }
}
