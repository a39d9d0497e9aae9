import Curl
import Synchronization
import TestHTTP
import Testing

/// A kept connection that breaks when the next request is sent on it. libcurl would send that again by itself.
@Suite("Requests on connections that break", .timeLimit(.minutes(2))) struct RepetitionTests {
    /// Closes the connection instead of answering the first request for `/break`, and answers all others.
    private func withBreakingServer(
        isReset: Bool, _ body: (ClientUnderTest, TestHTTPServer) async throws -> Void
    ) async throws {
        let hasBroken = Atomic(false)
        let handler: @Sendable (TestHTTPExchange) -> Void = { exchange in
            if exchange.uri == "/break", !hasBroken.exchange(true, ordering: .relaxed) {
                isReset ? exchange.reset() : exchange.abort()
            } else {
                exchange.respond(body: "\(exchange.connection)")
            }
        }
        try await withClientAndServer(handler: handler, body)
    }

    @Test("a POST is not sent a second time", arguments: [true, false])
    func post(isReset: Bool) async throws {
        try await withBreakingServer(isReset: isReset) { client, server in
            #expect(try await client.send(.post, server.url("/"), body: "{}").text == "1")
            let outcome = try await client.send(.post, server.url("/break"), body: "{}")
            #expect(outcome.head == nil)
            #expect(
                outcome.failure
                    == TransferFailure(.unreachable, wasSent: true, "the connection broke before an answer"))
            let third = try await client.send(.post, server.url("/"), body: "{}")
            #expect(third.failure == nil)
            var uris: [String] = []
            for _ in 1...3 { uris.append(try #require(await server.next()).uri) }
            #expect(uris == ["/", "/break", "/"])
        }
    }

    @Test("GET and DELETE are, on a new connection", arguments: [HTTPRequest.Method.get, .delete])
    func idempotent(method: HTTPRequest.Method) async throws {
        try await withBreakingServer(isReset: false) { client, server in
            #expect(try await client.send(method, server.url("/")).text == "1")
            let outcome = try await client.send(method, server.url("/break"))
            #expect(outcome.failure == nil)
            #expect(outcome.text == "2")
            #expect(server.allConnections == 2)
        }
    }

    @Test("a connection that was closed while nobody used it is not used")
    func closedMeanwhile() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.post, server.url("/"), body: "{}")
            let exchange = try #require(await server.next())
            exchange.respond(body: "1")
            #expect(await receiver.outcome().text == "1")
            exchange.abort()
            while !Self.hasClosingConnection(to: server.port) { try await Task.sleep(for: .milliseconds(5)) }
            let again = try client.begin(.post, server.url("/"), body: "{}")
            let second = try #require(await server.next())
            #expect(second.connection == 2)
            second.respond()
            #expect(await again.outcome().failure == nil)
        }
    }

    /// Whether the kernel knows that the server has closed its side: CLOSE_WAIT is 08 in proc(5)'s /proc/net/tcp.
    private static func hasClosingConnection(to port: Int) -> Bool {
        ProcFile.contents("/proc/self/net/tcp").split(separator: "\n").dropFirst().contains { line in
            let columns = line.split(separator: " ")
            let remotePort = columns[2].split(separator: ":").last.flatMap { Int($0, radix: 16) }
            return remotePort == port && columns[3] == "08"
        }
    }
}
