import Curl
import NIOCore
import Synchronization
import TestHTTP
import Testing

/// A receiver that is slower than its server.
@Suite("Back-pressure", .timeLimit(.minutes(2))) struct BackPressureTests {
    private static let window = 64 * 1024
    /// The most that libcurl hands over at once.
    private static let chunk = 16 * 1024
    /// More than all sockets on the way hold.
    private static let size = 24 * 1024 * 1024

    /// Counts what is out, in the order of events.
    private final class Scale: Sendable {
        private let counts = Mutex((out: 0, most: 0, all: 0))

        var most: Int { counts.withLock { $0.most } }
        var all: Int { counts.withLock { $0.all } }

        func take(_ event: TransferEvent) {
            guard case .body(let bytes) = event else { return }
            counts.withLock { counts in
                counts.out += bytes.readableBytes
                counts.all += bytes.readableBytes
                counts.most = max(counts.most, counts.out)
            }
        }

        func consume(_ count: Int, of transfer: HTTPTransfer?) {
            // Before the transfer knows, or it might already send more.
            counts.withLock { $0.out -= count }
            transfer?.consumed(count)
        }
    }

    @Test("never more than the window and one chunk is out, and all of it comes in the end")
    func bounded() async throws {
        let body = ByteBuffer(repeating: 0x61, count: Self.size)
        let scale = Scale()
        try await withClientAndServer(handler: { $0.respond(body: body) }) { client, server in
            var request = HTTPRequest(.get, try HTTPURL(server.url("/")))
            request.window = Self.window
            let receiver = client.start(request) { scale.take($0) }
            _ = try await receiver.head()
            var left = Self.size
            while left > 0 {
                let bytes = try await receiver.body()
                left -= bytes.readableBytes
                // Now and then in small pieces, as a decoder does.
                let first = left % 3 == 0 ? bytes.readableBytes / 2 : 0
                scale.consume(first, of: receiver.transfer)
                scale.consume(bytes.readableBytes - first, of: receiver.transfer)
            }
            #expect(await receiver.outcome().failure == nil)
            #expect(scale.most <= Self.window + Self.chunk)
            #expect(scale.all == Self.size)
        }
    }

    @Test("a receiver that consumes nothing stops its server, and no other transfer")
    func stopped() async throws {
        let scale = Scale()
        try await withClientAndServer { client, server in
            var request = HTTPRequest(.get, try HTTPURL(server.url("/big")))
            request.window = Self.window
            let receiver = client.start(request) { scale.take($0) }
            let exchange = try #require(await server.next())
            exchange.beginStream()
            let isWritten = Mutex(false)
            exchange.write(ByteBuffer(repeating: 0x61, count: Self.size)).whenComplete { _ in
                isWritten.withLock { $0 = true }
            }
            _ = try await receiver.head()
            var taken = 0
            while taken < Self.window { taken += try await receiver.body().readableBytes }

            for number in 1...20 {
                let other = try client.begin(.post, server.url("/"), body: "\(number)")
                let exchange = try #require(await server.next())
                exchange.respond(body: exchange.text)
                #expect(await other.outcome().text == "\(number)")
            }
            #expect(scale.all == taken)
            #expect(scale.most <= Self.window + Self.chunk)
            #expect(!isWritten.withLock { $0 })

            exchange.endStream()
            receiver.transfer?.consumed(taken)
            let outcome = await receiver.outcome()
            #expect(outcome.failure == nil)
            #expect(taken + outcome.body.readableBytes == Self.size)
        }
    }

    @Test("consuming within the event never pauses, and consuming too much does no harm")
    func consumedAtOnce() async throws {
        let body = ByteBuffer(repeating: 0x61, count: 1024 * 1024)
        try await withClientAndServer(handler: { $0.respond(body: body) }) { client, server in
            var request = HTTPRequest(.get, try HTTPURL(server.url("/")))
            request.window = 1
            let box = Mutex<HTTPTransfer?>(nil)
            let receiver = client.start(request) { event in
                if case .body(let bytes) = event { box.withLock { $0 }?.consumed(bytes.readableBytes * 3) }
            }
            box.withLock { $0 = receiver.transfer }
            // What came before there was a transfer to tell.
            receiver.transfer?.consumed(1024 * 1024)
            #expect(await receiver.outcome().body == body)
            receiver.transfer?.consumed(1)
        }
    }

    @Test("a transfer that waits for its receiver is not idle, and one that goes on can be")
    func notIdle() async throws {
        let size = 4 * Self.window
        let handler: @Sendable (TestHTTPExchange) -> Void = { exchange in
            exchange.beginStream()
            exchange.write(ByteBuffer(repeating: 0x61, count: size))
        }
        try await withClientAndServer(handler: handler) { client, server in
            let idleTimeout = Duration.seconds(3)
            let receiver = try client.begin(.get, server.url("/")) {
                $0.window = Self.window
                $0.idleTimeout = idleTimeout
            }
            _ = try await receiver.head()
            var taken = 0
            while taken < Self.window { taken += try await receiver.body().readableBytes }
            try await Task.sleep(for: idleTimeout * 2)
            receiver.transfer?.consumed(taken)
            let outcome = await receiver.outcome()
            #expect(taken + outcome.body.readableBytes == size)
            #expect(outcome.failure?.kind == .timedOut)
            #expect(outcome.failure?.wasSent == true)
        }
    }
}
