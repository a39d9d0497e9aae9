import Curl
import Glibc
import NIOCore
import Synchronization
import TestHTTP
import Testing

/// `HTTPClient.shutdown`.
@Suite("Shutdown of the client", .timeLimit(.minutes(2))) struct ShutdownTests {
    @Test("open transfers get their end before it returns, and their connections are closed")
    func openTransfers() async throws {
        let server = try await TestHTTPServer.start()
        var listener = try Listener()
        listener.fill()
        let client = try ClientUnderTest()
        let stream = try client.begin(.get, server.url("/stream"))
        let exchange = try #require(await server.next())
        exchange.beginEvents()
        _ = try await stream.head()
        let waiting = try client.begin(.post, server.url("/"), body: "{}")
        let second = try #require(await server.next())
        let connecting = try client.begin(.get, "http://127.0.0.1:\(listener.port)/")
        client.shutdown()
        for receiver in [stream, waiting, connecting] {
            let events = await receiver.rest()
            #expect(events.count == 1)
            guard case .end(let failure) = events.last else {
                Issue.record("no end")
                return
            }
            #expect(failure?.kind == .cancelled)
        }
        await exchange.closed
        await second.closed
        client.shutdown()
        await server.stop()
    }

    @Test("what is started afterwards ends at once")
    func afterwards() async throws {
        try await withClientAndServer { client, server in
            client.client.shutdown()
            let receiver = try client.begin(.post, server.url("/"), body: "{}")
            let events = await receiver.rest()
            #expect(events.count == 1)
            guard case .end(let failure) = events.last else { return }
            #expect(failure == TransferFailure(.cancelled, wasSent: false, "cancelled"))
            receiver.transfer?.cancel()
            receiver.transfer?.consumed(1)
            #expect(server.allConnections == 0)
        }
    }

    @Test("transfers that are started meanwhile from many threads have one end each")
    func meanwhile() async throws {
        for _ in 1...20 {
            try await withClientAndServer(handler: { $0.respond(body: "done") }) { client, server in
                await withTaskGroup { group in
                    for _ in 1...4 {
                        group.addTask {
                            for _ in 1...20 { _ = try? client.begin(.get, server.url("/")) }
                        }
                    }
                    group.addTask { client.client.shutdown() }
                    group.addTask { client.client.shutdown() }
                }
            }
        }
    }

    @Test("a receiver may shut the client down, and start requests while that happens")
    func withinEvent() async throws {
        let server = try await TestHTTPServer.start { $0.beginEvents() }
        let client = try HTTPClient()
        let (ends, signal) = AsyncStream<TransferFailure?>.makeStream()
        let request = HTTPRequest(.get, try HTTPURL(server.url("/")))
        _ = client.start(request) { event in
            switch event {
            case .head: client.shutdown()
            case .body: break
            case .end(let failure):
                signal.yield(failure)
                _ = client.start(request) { event in
                    if case .end(let failure) = event { signal.yield(failure) }
                }
            }
        }
        for wasSent in [true, false] {
            let end = await ends.first { _ in true }
            #expect(end == TransferFailure(.cancelled, wasSent: wasSent, "cancelled"))
        }
        client.shutdown()
        await server.stop()
    }

    @Test("a client that nobody holds ends by itself")
    func released() async throws {
        let server = try await TestHTTPServer.start()
        let (ends, signal) = AsyncStream<TransferFailure?>.makeStream()
        var client: HTTPClient? = try HTTPClient()
        let transfer = client?.start(HTTPRequest(.get, try HTTPURL(server.url("/")))) { event in
            if case .end(let failure) = event { signal.yield(failure) }
        }
        let exchange = try #require(await server.next())
        client = nil
        #expect(await ends.first { _ in true }??.kind == .cancelled)
        await exchange.closed
        transfer?.cancel()
        await server.stop()
    }

    @Test("signals are left to other threads, and the thread has a name")
    func thread() async throws {
        try await withClientAndServer(handler: { $0.respond() }) { client, server in
            let found = Mutex<(name: String, blocksPipe: Bool)?>(nil)
            let receiver = client.start(HTTPRequest(.get, try HTTPURL(server.url("/")))) { _ in
                var mask = sigset_t()
                pthread_sigmask(SIG_BLOCK, nil, &mask)
                let name = ProcFile.contents("/proc/thread-self/comm")
                let blocksPipe = sigismember(&mask, SIGPIPE) == 1
                found.withLock { $0 = (name, blocksPipe) }
            }
            #expect(await receiver.outcome().failure == nil)
            #expect(found.withLock { $0?.name } == "curl\n")
            #expect(found.withLock { $0?.blocksPipe } == true)
        }
    }
}
