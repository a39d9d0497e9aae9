import NIOHTTP1
import Testing

@testable import Downstream

@Suite("the paths and keys of the OpenAPI side")
struct OpenAPITargetTests {
    private static func target(_ uri: String, _ place: OpenAPISettings.Place?) -> RequestTarget.Destination? {
        RequestTarget(uri, prefix: "/tools", openAPI: place)?.destination
    }

    @Test(
        "the last segment names the tool, and what is before it the route",
        arguments: [
            ("/time/now", "time", "now"), ("/time/openapi.json", "time", "openapi.json"),
            ("/time/docs/", "time", "docs"),
            ("/team/fetch/get?raw=1", "team/fetch", "get"), ("/group/coding/x", "group/coding", "x"),
            ("/time/a%2Fb", "time", "a/b"), ("/time/%2F", "time", "/"),
            ("/time/a%00%0A%1B%7F%C2%85", "time", "a\u{0}\n\u{1B}\u{7F}\u{85}"),
            ("/time/a%5Cb", "time", "a\\b"), ("/time/..%2Fa", "time", "../a"),
            ("/time/a%3Fraw=1%23", "time", "a?raw=1#"),
            ("/time/caf%C3%A9", "time", "café"), ("/openapi.json", "", "openapi.json"),
            ("/time__now", "", "time__now"), ("/time/mcp", "time", "mcp"), ("", "", ""),
        ])
    func paths(path: String, route: String, leaf: String) throws {
        let below = try #require(Self.target("/openapi" + path, .below))
        let everywhere = try #require(Self.target(path.isEmpty ? "/" : path, .everywhere))
        #expect(below == everywhere && below == Self.target("/tools/openapi" + path, .below))
        guard case .openAPI(let target) = below else { return #expect(Bool(false)) }
        #expect(target.route == route && target.leaf == leaf)
    }

    @Test("only what is below the root is of it, and nothing where it is not served")
    func others() {
        #expect(Self.target("/openapix/time/now", .below) == .unknown)
        #expect(Self.target("/time/mcp", .below) == .server(name: "time", .mcp))
        #expect(Self.target("/openapi/time/now", nil) == .unknown)
        #expect(Self.target("/livez", .everywhere) == .page(.livez))
        #expect(Self.target("/.well-known/x", .everywhere) == .page(.wellKnown))
        #expect(Self.target("/openapi/a%2Fb/now", .below) == nil)
        #expect(Self.target("/openapi/a%00/now", .below) == nil)
        #expect(Self.target("/openapi/time/%FF", .below) == nil)
        #expect(Self.target("/openapi/time/%zz", .below) == nil)
    }

    @Test(
        "keys come as bearer tokens or as the password of anybody",
        arguments: [
            ("Bearer k", "Bearer k"), ("k", "k"), ("Basic eDprOmw=", "Bearer k:l"), ("basic Oms=", "Bearer k"),
            ("Bearer", nil), ("Bearer ", nil), ("Basic", nil), ("Basic eA==", nil), ("Basic ???", nil), ("", nil),
        ] as [(String, String?)])
    func keys(header: String, shown: String?) {
        let key = OpenAPIKey(.value(header))
        #expect(key.authorization == shown)
        #expect(key.refusal.status.code == (shown == nil ? 401 : 403))
        #expect(OpenAPIKey(.absent) == .none && OpenAPIKey(.repeated) == .none)
    }
}
