internal import JSONRPC

/// How one server appears behind an endpoint for several.
public struct Exposure: Sendable, Equatable {
    /// How one of its tools appears.
    public struct Tool: Sendable, Equatable {
        /// Its whole name there; by the rules if `nil`.
        public var name: String?
        /// What clients are told of it; what the server says if `nil`.
        public var description: String?
        /// Whether it is kept out.
        public var isHidden: Bool

        /// Describes a tool.
        public init(name: String? = nil, description: String? = nil, isHidden: Bool = false) {
            self.name = name
            self.description = description
            self.isHidden = isHidden
        }
    }

    /// Whether it is behind the endpoint for all servers. A group names its servers itself.
    public var isInAll: Bool
    /// Stands before the names of its tools and prompts; nothing if empty, the server's name if `nil`.
    public var prefix: String?
    private let tools: [ExactText: Tool]

    /// Describes how a server appears.
    ///
    /// - Parameter tools: by the tools' own names.
    public init(isInAll: Bool = true, prefix: String? = nil, tools: [String: Tool] = [:]) {
        self.isInAll = isInAll
        self.prefix = prefix
        self.tools = Dictionary(tools.map { (ExactText($0), $1) }) { first, _ in first }
    }

    /// How the tool of this name appears, if anything but the rules says so.
    func tool(_ name: String) -> Tool? { tools[ExactText(name)] }
}
