import Downstream
import JSONRPC
import NIOCore
import TestSupport
import Testing

@Suite("rules of a session, whatever its transport", .timeLimit(.minutes(1)))
struct SessionRulesTests {
    private static let unknownNotification = #"{"jsonrpc":"2.0","method":"notifications/unknown","params":{}}"#
    private static let ping = #"{"jsonrpc":"2.0","id":"p","method":"ping"}"#

    @Test("[11] a notification gets no JSON-RPC response over streamable HTTP, not even one that is unknown")
    func notificationOverStreamable() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", gateway.session(), body: Self.unknownNotification)
            #expect(response.status == 202)
            #expect(response.body.isEmpty)
        }
    }

    @Test("[11] a notification gets no JSON-RPC response over SSE: what comes next is the answer to the next request")
    func notificationOverSSE() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            _ = try await gateway.exchange("POST", stream.endpoint, TestGateway.json, body: Self.unknownNotification)
            _ = try await gateway.exchange("POST", stream.endpoint, TestGateway.json, body: Self.ping)
            #expect(try await stream.connection.message() == #"{"jsonrpc":"2.0","id":"p","result":{}}"#)
        }
    }

    @Test("[23] a client may negotiate the newest revision over SSE; the transport says nothing about it")
    func newestRevisionOverSSE() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            let initialize = TestGateway.initialize.replacing("2025-06-18", with: "2025-11-25")
            _ = try await gateway.exchange("POST", stream.endpoint, TestGateway.json, body: initialize)
            let answer = try await stream.connection.message()
            #expect(answer?.contains(#""protocolVersion":"2025-11-25""#) == true)
        }
    }

    @Test("[150] a client's token is for the gateway: nothing that a server is sent contains it")
    func tokensStayHere() async throws {
        let token = "s3cret-t0ken"
        try await TestGateway.run([TestGateway.Server(name: "fetch", tokens: [token])]) { gateway in
            let headers = try await gateway.session("fetch", ["Authorization": "Bearer \(token)"])
            let response = try await gateway.exchange(
                "POST", "/fetch/mcp", headers, body: TestGateway.call("echo", id: "1"))
            #expect(response.status == 200)
            let sent = try await gateway.upstream().sent.first { _ in true }
            let line = try #require(sent.map { String(buffer: $0) })
            #expect(line.contains("tools/call"))
            #expect(!line.contains(token))
        }
    }
}
