import Testing

@testable import Downstream

@Suite("the paths of the admin API")
struct AdminTargetTests {
    @Test(
        "each path asks for one thing",
        arguments: [
            ("api/v1/version", .version), ("api/v1/status", .status), ("api/v1/servers", .servers),
            ("api/v1/servers/time", .server("time")), ("api/v1/servers/team%2Ffetch", .server("team/fetch")),
            ("api/v1/servers/mcp/stderr", .standardError("mcp")), ("api/v1/servers/a/tools", .tools("a")),
            ("api/v1/servers/a/clients", .clients("a")),
            ("api/v1/servers/a/call", .call("a")), ("api/v1/servers/a/start", .order("a", .start)),
            ("api/v1/servers/a/stop", .order("a", .stop)), ("api/v1/servers/a/restart", .order("a", .restart)),
            ("api/v1/reload", .reload), ("api/v1/events", .events),
        ] as [(Substring, AdminTarget)])
    func paths(path: Substring, target: AdminTarget) {
        #expect(AdminTarget(path: path) == target)
    }

    @Test(
        "what is below it and does not exist is nothing, and never a server's route",
        arguments: [
            "api/v1", "api/v1/", "api/v1/nothing", "api/v1/servers/a/sse", "api/v1/servers/a/mcp/b", "api/v1/mcp",
        ]
            as [Substring])
    func unknown(path: Substring) {
        #expect(AdminTarget(path: path) == .unknown)
    }

    @Test(
        "what only begins alike is none of it",
        arguments: ["api", "api/v2/status", "api/v10", "time/mcp", ""] as [Substring])
    func foreign(path: Substring) {
        #expect(AdminTarget(path: path) == nil)
    }
}
