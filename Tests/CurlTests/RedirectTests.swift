import Curl
import NIOCore
import TestHTTP
import Testing

/// Redirects as a server sends them; `RedirectRuleTests` has the rule.
@Suite("Redirects", .timeLimit(.minutes(2))) struct RedirectTests {
    @Test("a POST to /mcp is sent again to /mcp/, with body and headers, on the same connection")
    func trailingSlash() async throws {
        try await withClientAndServer { client, server in
            let headers = [HTTPField("Authorization", "Bearer t"), HTTPField("Content-Type", "application/json")]
            let receiver = try client.begin(.post, server.url("/mcp"), headers: headers, body: #"{"id":1}"#)
            // As Starlette does it.
            let first = try #require(await server.next())
            first.respond(status: 307, headers: [("Location", server.url("/mcp/"))])
            let second = try #require(await server.next())
            #expect(second.method == "POST" && second.uri == "/mcp/")
            #expect(second.text == #"{"id":1}"#)
            #expect(second.header("authorization") == "Bearer t")
            #expect(second.connection == first.connection)
            second.respond(body: "ok")
            let outcome = await receiver.outcome()
            #expect(outcome.failure == nil)
            #expect(outcome.head?.status == 200)
            #expect(outcome.head?.url?.text == server.url("/mcp/"))
            #expect(outcome.text == "ok")
        }
    }

    @Test("the body of a redirect is nobody's, and need neither begin nor end", arguments: ["5\r\nmoved\r\n", ""])
    func endlessBody(body: String) async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/a"))
            let first = try #require(await server.next())
            first.writeRaw("HTTP/1.1 302 Found\r\nLocation: b?c=d\r\nContent-Length: 0\r\n")
            first.writeRaw("Transfer-Encoding: chunked\r\n\r\n\(body)")
            let second = try #require(await server.next())
            #expect(second.uri == "/b?c=d")
            second.respond(body: "here")
            #expect(await receiver.outcome().text == "here")
            await first.closed
        }
    }

    @Test("redirects are followed five times, and a sixth is too many")
    func bound() async throws {
        let countDown: @Sendable (TestHTTPExchange) -> Void = { exchange in
            let number = Int(exchange.uri.dropFirst().prefix { $0 != "?" }) ?? 0
            if number == 0 {
                exchange.respond(body: "arrived")
            } else {
                exchange.respond(status: 308, headers: [("Location", "/\(number - 1)?token=s3cret")])
            }
        }
        try await withClientAndServer(handler: countDown) { client, server in
            let five = try await client.send(.delete, server.url("/5"))
            #expect(five.text == "arrived" && five.failure == nil)
            let six = try await client.send(.delete, server.url("/6"))
            #expect(six.head == nil)
            #expect(
                six.failure
                    == TransferFailure(
                        .redirected, wasSent: true,
                        "redirected more than 5 times, last to http://127.0.0.1:\(server.port)"))
        }
    }

    @Test("another origin gets nothing")
    func otherOrigin() async throws {
        try await withClientAndServer { client, server in
            let other = try await TestHTTPServer.start { $0.respond() }
            let receiver = try client.begin(.get, server.url("/"), headers: [HTTPField("Authorization", "Bearer t")])
            try #require(await server.next()).respond(
                status: 307, headers: [("Location", other.url("/login?token=s3cret"))])
            let outcome = await receiver.outcome()
            #expect(outcome.head == nil)
            #expect(outcome.failure?.kind == .redirected)
            #expect(
                outcome.failure?.description == "redirected to another origin, http://127.0.0.1:\(other.port)")
            #expect(other.allConnections == 0)
            await other.stop()
        }
    }

    @Test("all redirects together have the total timeout, not each of its own")
    func totalTimeout() async throws {
        let handler: @Sendable (TestHTTPExchange) -> Void = { exchange in
            let number = Int(exchange.uri.dropFirst()) ?? 0
            exchange.eventLoop.scheduleTask(in: .milliseconds(500)) {
                exchange.respond(status: number == 0 ? 200 : 302, headers: [("Location", "/\(number - 1)")])
            }
        }
        try await withClientAndServer(handler: handler) { client, server in
            let outcome = try await client.send(.get, server.url("/4")) { $0.totalTimeout = .milliseconds(1500) }
            #expect(outcome.failure?.kind == .timedOut)
        }
    }

    @Test("a redirect that leads nowhere is an answer like any other", arguments: [300, 301, 304, 307])
    func withoutLocation(status: Int) async throws {
        try await withClientAndServer(handler: { $0.respond(status: status) }) { client, server in
            let outcome = try await client.send(.get, server.url("/"))
            #expect(outcome.head?.status == status && outcome.failure == nil)
        }
    }

    @Test("a transfer is cancelled between two redirects")
    func cancelled() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/a"))
            let first = try #require(await server.next())
            first.respond(status: 302, headers: [("Location", "/b")])
            let second = try #require(await server.next())
            receiver.transfer?.cancel()
            #expect(await receiver.outcome().failure?.kind == .cancelled)
            await second.closed
        }
    }
}
