/// How servers appear together behind one endpoint: `/mcp`, and `/group/NAME/mcp` for some of them.
public struct AggregateConfiguration: Sendable, Equatable {
    /// Whether `/mcp`, `/sse` and `/message` are served for all servers together. Groups are served in any case.
    public var isEnabled: Bool
    /// Between the prefix of a server and the name of its tool: 1 to 8 of `A-Z a-z 0-9 _ -`.
    public var separator: String
    /// The longest name of a tool or prompt, in bytes.
    public var maximumNameLength: Int
    /// How many entries a page of a list holds; all of them if `nil`.
    public var pageSize: Int?

    /// Describes what holds for all such endpoints; the defaults are those of the file.
    public init(
        isEnabled: Bool = true, separator: String = "__", maximumNameLength: Int = 52, pageSize: Int? = nil
    ) {
        self.isEnabled = isEnabled
        self.separator = separator
        self.maximumNameLength = maximumNameLength
        self.pageSize = pageSize
    }
}

/// Some servers behind one endpoint.
public struct GroupConfiguration: Sendable, Equatable {
    /// The key in `groups`, and the path below `/group/`.
    public var name: String
    /// The names of its servers, in order, each once.
    public var servers: [String]

    /// Describes a group.
    public init(name: String, servers: [String]) {
        self.name = name
        self.servers = servers
    }
}

/// How one server appears where servers appear together. Behind its own path nothing of this counts.
public struct ExposureConfiguration: Sendable, Equatable {
    /// How one tool appears.
    public struct Tool: Sendable, Equatable {
        /// Its whole name: 1 to 128 of `A-Z a-z 0-9 _ -`; made by the rules if `nil`.
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

    /// Whether the server is behind the endpoint for all servers.
    public var isInAll: Bool
    /// Before its tools' and prompts' names: up to 32 of `A-Z a-z 0-9 _ -`; the server's name if `nil`.
    public var prefix: String?
    /// By the tools' own names.
    public var tools: [String: Tool]

    /// Describes how a server appears; the defaults are those of the file.
    public init(isInAll: Bool = true, prefix: String? = nil, tools: [String: Tool] = [:]) {
        self.isInAll = isInAll
        self.prefix = prefix
        self.tools = tools
    }
}
