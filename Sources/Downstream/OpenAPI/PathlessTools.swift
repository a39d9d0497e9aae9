internal import GatewayLog
internal import Logging

/// Tools that no document tells of, because they have no path: each is logged once. Lives on the event loop.
final class PathlessTools {
    /// How many are remembered, and how many are logged.
    static let limit = 64

    private struct Tool: Hashable {
        let route: String
        let name: String
    }

    private var told: Set<Tool> = []
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// Those that have a path. The others are logged.
    func takenOut(of tools: [OpenAPITool], at route: String) -> [OpenAPITool] {
        tools.filter { tool in
            guard !tool.hasPath else { return true }
            if told.count < Self.limit, told.insert(Tool(route: route, name: tool.name)).inserted {
                logger.log(.toolWithoutPath, [.server: "\(route)", .tool: "\(tool.name)"])
            }
            return false
        }
    }
}
