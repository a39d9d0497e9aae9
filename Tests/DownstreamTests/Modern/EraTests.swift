import JSONRPC
import NIOCore
import NIOHTTP1
import Testing

@testable import Downstream

@Suite struct EraTests {
    private static func fields(_ version: String?, session: String? = nil) -> RequestFields {
        var headers = HTTPHeaders()
        if let version { headers.add(name: "MCP-Protocol-Version", value: version) }
        if let session { headers.add(name: "Mcp-Session-Id", value: session) }
        return RequestFields(headers)
    }

    private static func request(_ method: String, meta: String? = nil) throws -> Message {
        let params = meta.map { #","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"\#($0)"}}"# } ?? ""
        return try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":1,"method":"\#(method)"\#(params)}"#))
    }

    @Test(
        "requests: the header leads, and a body that claims a newer revision is of the newer era",
        arguments: [
            ("initialize", nil, nil, nil, Era.sessions),
            ("initialize", "2025-11-25", nil, nil, .sessions),
            ("initialize", "x", nil, nil, .sessions),
            ("initialize", "2026-07-28", nil, nil, .stateless),
            ("initialize", "2026-07-28", "2026-07-28", nil, .stateless),
            ("tools/list", nil, "2026-07-28", nil, .stateless),
            ("tools/list", "2025-06-18", "2026-07-28", "s", .stateless),
            ("tools/list", "2026-07-28", nil, "s", .stateless),
            ("tools/list", "2027-01-01", "2027-01-01", nil, .stateless),
            ("tools/list", "v999.0.0", "v999.0.0", nil, .stateless),
            ("tools/list", "v999.0.0", nil, nil, .stateless),
            ("tools/list", "v999.0.0", nil, "s", .sessions),
            ("tools/list", nil, nil, "s", .sessions),
            ("tools/list", nil, nil, nil, .sessions),
            ("tools/list", "2025-11-25", nil, "s", .sessions),
            ("tools/list", "2025-11-25", "2025-11-25", "s", .sessions),
        ] as [(String, String?, String?, String?, Era)])
    func requests(method: String, header: String?, meta: String?, session: String?, era: Era) throws {
        #expect(Era.of(try Self.request(method, meta: meta), Self.fields(header, session: session)) == era)
    }

    @Test(
        "notifications and responses",
        arguments: [
            (#"{"jsonrpc":"2.0","method":"notifications/x"}"#, nil, nil, Era.sessions),
            (#"{"jsonrpc":"2.0","method":"notifications/x"}"#, "2026-07-28", nil, .stateless),
            (#"{"jsonrpc":"2.0","method":"notifications/x"}"#, "2026-07-28", "s", .sessions),
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, nil, "s", .sessions),
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, "2026-07-28", "s", .stateless),
        ] as [(String, String?, String?, Era)])
    func others(body: String, header: String?, session: String?, era: Era) throws {
        #expect(Era.of(try Message(ByteBuffer(string: body)), Self.fields(header, session: session)) == era)
    }
}
