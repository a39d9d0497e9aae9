import Downstream
import GatewayCore
import NIOCore
import Testing

@Suite("batches of MCP 2025-03-26", .timeLimit(.minutes(1)))
struct BatchTests {
    private static let initialize = TestGateway.initialize.replacing("2025-06-18", with: "2025-03-26")

    /// Opens a session of the revision that has batches.
    private func session(_ gateway: TestGateway) async throws -> [String: String] {
        let response = try await gateway.exchange("POST", "/fetch/mcp", TestGateway.json, body: Self.initialize)
        return TestGateway.json.merging(["Mcp-Session-Id": response.headers["mcp-session-id"] ?? ""]) { $1 }
    }

    @Test("[54] every request of a batch is answered, in one array, with its own id")
    func requests() async throws {
        try await TestGateway.run { gateway in
            let body = "[\(TestGateway.call("a", id: #""x""#)),\(TestGateway.call("b", id: "7"))]"
            let response = try await gateway.exchange("POST", "/fetch/mcp", session(gateway), body: body)
            #expect(response.status == 200)
            #expect(
                response.body == """
                    [{"jsonrpc":"2.0","id":"x","result":{"content":[],"tool":"a"}},\
                    {"jsonrpc":"2.0","id":7,"result":{"content":[],"tool":"b"}}]
                    """)
        }
    }

    @Test("[54] a client that takes events only gets one event for each answer, and then the end")
    func events() async throws {
        try await TestGateway.run { gateway in
            var headers = try await session(gateway)
            headers["Accept"] = "text/event-stream"
            let connection = try await gateway.connect()
            let body = "[\(TestGateway.call("a", id: "1")),\(TestGateway.call("b", id: "2"))]"
            try await connection.request("POST", "/fetch/mcp", headers, body: body)
            #expect(try await connection.head().status == 200)
            #expect(try await connection.message()?.contains(#""id":1"#) == true)
            #expect(try await connection.message()?.contains(#""id":2"#) == true)
            #expect(try await connection.event() == nil)
        }
    }

    @Test("[54] a batch of notifications and one of responses are 202 without a body")
    func nothingToAnswer() async throws {
        try await TestGateway.run { gateway in
            let headers = try await session(gateway)
            for body in [
                #"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#,
                #"[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":2,"result":{}}]"#,
            ] {
                let response = try await gateway.exchange("POST", "/fetch/mcp", headers, body: body)
                #expect(response.status == 202)
                #expect(response.body.isEmpty)
            }
        }
    }

    @Test(
        "[55] [76] a batch with initialize, an empty one, a mixed one, one of another era and one with a bad message are 400",
        arguments: [
            "[\(TestGateway.initialize)]", "[]", "[[]]", "[1]",
            #"[{"jsonrpc":"2.0","method":"x"},{"jsonrpc":"2.0","id":1,"result":{}}]"#,
            #"[{"jsonrpc":"2.0","id":null,"method":"x"}]"#,
            #"[{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}]"#,
        ])
    func refused(body: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.exchange("POST", "/fetch/mcp", session(gateway), body: body)
            #expect(response.status == 400)
            #expect(response.body.contains("-32600"))
        }
    }

    @Test("[55] in a session of a later revision any array is 400")
    func laterRevision() async throws {
        try await TestGateway.run { gateway in
            let body = #"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#
            let response = try await gateway.exchange("POST", "/fetch/mcp", gateway.session(), body: body)
            #expect(response.status == 400)
            #expect(response.body.contains("-32600"))
        }
    }

    @Test("[54] over SSE a batch is acknowledged once, and answered with single events")
    func overSSE() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            _ = try await gateway.exchange("POST", stream.endpoint, TestGateway.json, body: Self.initialize)
            _ = try await stream.connection.message()
            let body = "[\(TestGateway.call("a", id: "1")),\(TestGateway.call("b", id: "2"))]"
            let response = try await gateway.exchange("POST", stream.endpoint, TestGateway.json, body: body)
            #expect(response.status == 202)
            #expect(try await stream.connection.message()?.contains(#""tool":"a""#) == true)
            #expect(try await stream.connection.message()?.contains(#""tool":"b""#) == true)
        }
    }

    @Test("1024 messages are a batch; one more, and it is refused, naming the limit")
    func capacity() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session(revision: "2025-03-26")
            for (count, status) in [(1024, 202), (1025, 400)] {
                let messages = Array(repeating: #"{"jsonrpc":"2.0","method":"notifications/x"}"#, count: count)
                let body = "[\(messages.joined(separator: ","))]"
                let response = try await gateway.exchange("POST", "/fetch/mcp", headers, body: body)
                #expect(response.status == status)
                #expect(response.body.contains("1024") == (status == 400))
            }
        }
    }
}
