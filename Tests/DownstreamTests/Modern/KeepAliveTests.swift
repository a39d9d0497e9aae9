import Downstream
import GatewayCore
import Testing

@Suite("streams of MCP 2026-07-28 that have nothing to tell", .timeLimit(.minutes(1)))
struct KeepAliveTests {
    private static func headers(_ method: String) -> [String: String] {
        TestGateway.json.merging(["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method, "Mcp-Name": "hold"]) {
            $1
        }
    }

    private static let meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """

    @Test("[98] a subscription to which nothing happens is kept alive with comments")
    func subscription() async throws {
        var settings = TestGateway.patient
        settings.keepAliveInterval = .milliseconds(10)
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            let body =
                #"{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{},\#(Self.meta)}}"#
            try await connection.request("POST", "/fetch/mcp", Self.headers("subscriptions/listen"), body: body)
            #expect(try await connection.head().status == 200)
            #expect(try await connection.message()?.contains("notifications/subscriptions/acknowledged") == true)
            for _ in 1...3 { #expect(try await connection.event() == ": ping") }
        }
    }

    @Test("[98] so is the answer to a call that takes long")
    func call() async throws {
        var settings = FrontSettings()
        settings.keepAliveInterval = .milliseconds(10)
        settings.deferredAnswerDelay = .milliseconds(1)
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            let body = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hold",\#(Self.meta)}}"#
            try await connection.request("POST", "/fetch/mcp", Self.headers("tools/call"), body: body)
            #expect(try await connection.head().status == 200)
            for _ in 1...3 { #expect(try await connection.event() == ": ping") }
        }
    }
}
