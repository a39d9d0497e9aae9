import Curl
import NIOCore
import Synchronization
import TestHTTP
import Testing

/// `HTTPTransfer.cancel`. `ClientUnderTest` sees to it that every transfer has exactly one end.
@Suite("Cancelled transfers", .timeLimit(.minutes(2))) struct CancellationTests {
    @Test("a transfer that is cancelled before it was begun sends nothing")
    func beforeStart() async throws {
        try await withClientAndServer { client, server in
            // The thread of the client is kept busy meanwhile.
            let gate = Gate()
            let (busy, signal) = AsyncStream<Void>.makeStream()
            let blocker = client.start(HTTPRequest(.get, try HTTPURL(server.url("/blocker")))) { event in
                guard case .head = event else { return }
                signal.yield()
                gate.wait()
            }
            try #require(await server.next()).respond()
            _ = await busy.first { true }
            let receiver = try client.begin(.post, server.url("/second"), body: "{}")
            receiver.transfer?.cancel()
            gate.open()
            let failure = await receiver.outcome().failure
            #expect(failure?.kind == .cancelled && failure?.wasSent == false)
            #expect(await blocker.outcome().failure == nil)
            #expect(server.allConnections == 1)
        }
    }

    @Test("while it connects")
    func connecting() async throws {
        var listener = try Listener()
        listener.fill()
        let client = try ClientUnderTest()
        let receiver = try client.begin(.get, "http://127.0.0.1:\(listener.port)/")
        receiver.transfer?.cancel()
        let failure = await receiver.outcome().failure
        #expect(failure?.kind == .cancelled && failure?.wasSent == false)
        client.shutdown()
    }

    @Test("while it waits for an answer: the connection is closed")
    func waiting() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.post, server.url("/"), body: "{}")
            let exchange = try #require(await server.next())
            receiver.transfer?.cancel()
            let failure = await receiver.outcome().failure
            #expect(failure?.kind == .cancelled && failure?.wasSent == true)
            await exchange.closed
        }
    }

    @Test("in the middle of a stream: the connection is closed, and nothing comes any more")
    func streaming() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/"))
            let exchange = try #require(await server.next())
            exchange.beginEvents()
            exchange.write("data: 1\n\n")
            _ = try await receiver.head()
            #expect(try await receiver.text(9) == "data: 1\n\n")
            receiver.transfer?.cancel()
            receiver.transfer?.cancel()
            #expect(await receiver.outcome().failure?.kind == .cancelled)
            await exchange.closed
        }
    }

    @Test("while it waits for its receiver")
    func paused() async throws {
        try await withClientAndServer { client, server in
            let receiver = try client.begin(.get, server.url("/")) { $0.window = 1000 }
            let exchange = try #require(await server.next())
            exchange.respond(body: String(repeating: "a", count: 10_000_000))
            _ = try await receiver.head()
            let piece = try await receiver.body()
            receiver.transfer?.cancel()
            receiver.transfer?.consumed(piece.readableBytes)
            #expect(await receiver.outcome().failure?.kind == .cancelled)
            await exchange.closed
        }
    }

    @Test("within the event that tells of the head, or of the body: no body follows", arguments: [true, false])
    func withinEvent(atHead: Bool) async throws {
        try await withClientAndServer(
            handler: { $0.respond(body: String(repeating: "a", count: 1_000_000)) }
        ) { client, server in
            let box = Mutex<HTTPTransfer?>(nil)
            let gate = Gate()
            let receiver = client.start(HTTPRequest(.get, try HTTPURL(server.url("/")))) { event in
                gate.wait()
                switch event {
                case .head where atHead: box.withLock { $0 }?.cancel()
                case .body: box.withLock { $0 }?.cancel()
                default: break
                }
            }
            box.withLock { $0 = receiver.transfer }
            gate.open()
            _ = try await receiver.head()
            if !atHead { _ = try await receiver.body() }
            let event = await receiver.next()
            guard case .end(let failure) = event else {
                Issue.record("\(String(describing: event))")
                return
            }
            #expect(failure?.kind == .cancelled)
        }
    }

    @Test("after its end it means nothing, and the connection is used again")
    func afterEnd() async throws {
        try await withClientAndServer(handler: { $0.respond(body: "\($0.connection)") }) { client, server in
            let receiver = try client.begin(.get, server.url("/"))
            #expect(await receiver.outcome().text == "1")
            receiver.transfer?.cancel()
            let outcome = try await client.send(.get, server.url("/"))
            #expect(outcome.text == "1")
        }
    }

    @Test("cancelling races with the end: either wins, and the receiver hears of it once")
    func race() async throws {
        try await withClientAndServer(handler: { $0.respond(body: "done") }) { client, server in
            for _ in 1...200 {
                let receiver = try client.begin(.get, server.url("/"))
                async let cancelled: Void? = receiver.transfer?.cancel()
                let outcome = await receiver.outcome()
                await cancelled
                if let failure = outcome.failure {
                    #expect(failure.kind == .cancelled)
                } else {
                    #expect(outcome.text == "done")
                }
            }
        }
    }
}
