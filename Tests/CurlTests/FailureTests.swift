import Curl
import NIOCore
import TestHTTP
import Testing

/// Requests that get no answer, or not all of it.
@Suite("Failed transfers", .timeLimit(.minutes(2))) struct FailureTests {
    /// What a failure must never tell.
    private static let secrets = ["s3cret", "token=", "p4ss"]

    private func check(
        _ failure: TransferFailure?, _ kind: TransferFailure.Kind, wasSent: Bool, _ text: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(failure?.kind == kind, "\(failure?.description ?? "no failure")", sourceLocation: sourceLocation)
        #expect(failure?.wasSent == wasSent, sourceLocation: sourceLocation)
        if let text { #expect(failure?.description == text, sourceLocation: sourceLocation) }
        for secret in Self.secrets {
            #expect(failure?.description.contains(secret) == false, sourceLocation: sourceLocation)
        }
    }

    // MARK: Connecting

    @Test("nobody listens")
    func refused() async throws {
        let client = try ClientUnderTest()
        let url = "http://u:p4ss@127.0.0.1:\(try Listener.freePort())/a?token=s3cret"
        let outcome = try await client.send(.post, url, headers: [HTTPField("Authorization", "s3cret")], body: "s3cret")
        check(outcome.failure, .unreachable, wasSent: false, "connection refused")
        client.shutdown()
    }

    @Test("a name that cannot be one")
    func unresolved() async throws {
        let client = try ClientUnderTest()
        // Too long for DNS, so that nobody is asked.
        let outcome = try await client.send(.get, "http://\(String(repeating: "a", count: 70)).invalid/?token=s3cret")
        check(outcome.failure, .unreachable, wasSent: false, "the host name cannot be resolved")
        client.shutdown()
    }

    @Test("the connection is not made in time")
    func connectTimeout() async throws {
        var listener = try Listener()
        listener.fill()
        let client = try ClientUnderTest()
        let outcome = try await client.send(.get, "http://127.0.0.1:\(listener.port)/") {
            $0.connectTimeout = .milliseconds(100)
        }
        check(outcome.failure, .timedOut, wasSent: false, "no connection within 0.1 seconds")
        client.shutdown()
    }

    @Test("the TLS handshake is part of connecting")
    func handshakeTimeout() async throws {
        let listener = try Listener()
        let client = try ClientUnderTest()
        let outcome = try await client.send(.get, "https://127.0.0.1:\(listener.port)/") {
            $0.connectTimeout = .milliseconds(100)
            $0.totalTimeout = .seconds(60)
        }
        check(outcome.failure, .timedOut, wasSent: false, "no connection within 0.1 seconds")
        client.shutdown()
    }

    @Test("the total timeout counts while connecting, too")
    func totalTimeoutWhileConnecting() async throws {
        var listener = try Listener()
        listener.fill()
        let client = try ClientUnderTest()
        let outcome = try await client.send(.get, "http://127.0.0.1:\(listener.port)/") {
            $0.totalTimeout = .milliseconds(100)
        }
        check(outcome.failure, .timedOut, wasSent: false, "no complete answer within 0.1 seconds")
        client.shutdown()
    }

    // MARK: Waiting

    @Test("no answer in time", arguments: [true, false])
    func totalTimeout(hasHead: Bool) async throws {
        try await withClientAndServer(handler: { if hasHead { $0.beginStream() } }) { client, server in
            let receiver = try client.begin(.post, server.url("/"), body: "{}") { $0.totalTimeout = .seconds(3) }
            let outcome = await receiver.outcome()
            #expect((outcome.head != nil) == hasHead)
            check(outcome.failure, .timedOut, wasSent: true, "no complete answer within 3.0 seconds")
            await server.next()?.closed
        }
    }

    @Test("nothing comes for too long", arguments: [true, false])
    func idleTimeout(hasHead: Bool) async throws {
        try await withClientAndServer(handler: { if hasHead { $0.beginStream() } }) { client, server in
            let receiver = try client.begin(.post, server.url("/"), body: "{}") { $0.idleTimeout = .seconds(3) }
            let outcome = await receiver.outcome()
            #expect((outcome.head != nil) == hasHead)
            check(outcome.failure, .timedOut, wasSent: true, "nothing came for 3.0 seconds")
            await server.next()?.closed
        }
    }

    @Test("what comes in time is not idle, however long all of it takes")
    func notIdle() async throws {
        let handler: @Sendable (TestHTTPExchange) -> Void = { exchange in
            exchange.beginStream()
            for number in 1...16 {
                exchange.eventLoop.scheduleTask(in: .milliseconds(250 * Int64(number))) {
                    exchange.write(".")
                    if number == 16 { exchange.endStream() }
                }
            }
        }
        try await withClientAndServer(handler: handler) { client, server in
            let outcome = try await client.send(.get, server.url("/")) { $0.idleTimeout = .seconds(3) }
            #expect(outcome.failure == nil)
            #expect(outcome.text == "................")
        }
    }

    @Test("a request that is taken slowly is not idle")
    func slowUpload() async throws {
        let body = ByteBuffer(repeating: 0x61, count: 25_000_000)
        let server = try await SlowServer.start(size: body.readableBytes)
        let client = try ClientUnderTest()
        var request = HTTPRequest(.post, try HTTPURL("http://127.0.0.1:\(server.port)/"), body: body)
        // Far shorter than all of it takes, longer than what the kernel holds.
        request.idleTimeout = .seconds(2)
        let outcome = await client.start(request).outcome()
        #expect(outcome.failure == nil)
        #expect(outcome.head?.status == 204)
        client.shutdown()
        try await server.stop()
    }

    // MARK: Breaking off

    @Test("the connection is closed or reset instead of an answer", arguments: [true, false])
    func noAnswer(isReset: Bool) async throws {
        try await withClientAndServer(handler: { isReset ? $0.reset() : $0.abort() }) { client, server in
            let outcome = try await client.send(.post, server.url("/?token=s3cret"), body: "{}")
            #expect(outcome.head == nil)
            check(outcome.failure, .unreachable, wasSent: true, "the connection broke before an answer")
        }
    }

    @Test(
        "the connection is closed or reset in the middle of a body, with chunks or a length",
        arguments: [true, false], [[], [("Content-Length", "100")]])
    func halfAnswer(isReset: Bool, headers: [(String, String)]) async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/"))
            let exchange = try #require(await server.next())
            exchange.beginStream(headers: headers)
            exchange.write("half")
            _ = try await receiver.head()
            #expect(try await receiver.text(4) == "half")
            if isReset { exchange.reset() } else { exchange.abort() }
            check(
                await receiver.outcome().failure, .unreachable, wasSent: true,
                "the connection broke in the middle of the answer")
        }
    }

    @Test("what a server said before it broke the connection arrives")
    func lastWords() async throws {
        let text = String(repeating: "a", count: 100_000)
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/"))
            let exchange = try #require(await server.next())
            exchange.beginStream()
            exchange.write(text).whenComplete { _ in exchange.abort() }
            let outcome = await receiver.outcome()
            #expect(outcome.text == text)
            check(outcome.failure, .unreachable, wasSent: true)
        }
    }

    // MARK: What is no HTTP

    @Test(
        "an answer that is no HTTP",
        arguments: [
            ("220 mail.example.com ESMTP\r\n", "the answer is not HTTP"),
            ("HTTP/1.1 abc OK\r\n\r\n", "the answer is not HTTP"),
            ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "the answer is not HTTP"),
            ("HTTP/1.1 200 OK\r\n: no name\r\n\r\n", "the head of the answer has a field without a name"),
            ("HTTP/1.1 200 OK\r\n folded: a\r\n\r\n", "the answer is not HTTP"),
            ("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "the server changed to another protocol unasked"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno hex\r\n",
                "the answer is not properly divided into chunks"
            ),
        ])
    func noHTTP(answer: String, text: String) async throws {
        try await withClientAndServer(handler: { $0.writeRaw(answer) }) { client, server in
            let outcome = try await client.send(.get, server.url("/"))
            check(outcome.failure, .protocolViolation, wasSent: true, text)
        }
    }

    @Test("a head beyond 64 KiB, in many lines, in one, or in interim answers", arguments: 0..<3)
    func longHead(kind: Int) async throws {
        let handler: @Sendable (TestHTTPExchange) -> Void = { exchange in
            switch kind {
            case 0: exchange.writeRaw("HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: \(kind)\r\n", count: 10_000))
            case 1: exchange.writeRaw("HTTP/1.1 200 OK\r\nX-A: " + String(repeating: "a", count: 200_000))
            default: exchange.writeRaw(String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: 10_000))
            }
        }
        try await withClientAndServer(handler: handler) { client, server in
            let outcome = try await client.send(.get, server.url("/"))
            #expect(outcome.head == nil)
            check(outcome.failure, .protocolViolation, wasSent: true)
        }
    }

    @Test("TLS is asked of a server that has none")
    func noTLS() async throws {
        try await withClientAndServer { client, server in
            let outcome = try await client.send(.get, "https://127.0.0.1:\(server.port)/")
            check(outcome.failure, .tls, wasSent: false)
        }
    }
}
