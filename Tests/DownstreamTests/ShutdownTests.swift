import Downstream
import JSONRPC
import NIOCore
import TestSupport
import Testing

@Suite("listening and leaving", .timeLimit(.minutes(1)))
struct ShutdownTests {
    @Test("shutdown ends streams properly, closes idle connections, and takes no more")
    func shutdown() async throws {
        try await TestGateway.run { gateway in
            let stream = try await gateway.stream()
            let headers = try await gateway.session()
            let listener = try await gateway.connect()
            try await listener.request("GET", "/fetch/mcp", headers)
            #expect(try await listener.head().status == 200)
            let idle = try await gateway.connect()
            #expect(try await idle.exchange("GET", "/livez").status == 200)
            await gateway.front.shutdown(grace: .seconds(30))
            #expect(try await stream.connection.event() == nil)
            #expect(try await listener.event() == nil)
            await stream.connection.waitForEnd()
            await listener.waitForEnd()
            await idle.waitForEnd()
            await #expect(throws: (any Error).self) { try await gateway.connect() }
        }
    }

    @Test("a call in flight is answered within the grace, and its connection closes")
    func grace() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            let held = try await upstream.next("tools/call")
            async let shutdown: Void = gateway.front.shutdown(grace: .seconds(30))
            while (try? await gateway.connect().close()) != nil {}
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{}}"#)
            let response = try await connection.response()
            #expect(response.status == 200)
            await connection.waitForEnd()
            await shutdown
        }
    }

    @Test("a call whose answer is a stream already gets it within the grace")
    func graceOfStream() async throws {
        var settings = TestGateway.patient
        settings.deferredAnswerDelay = .milliseconds(1)
        try await TestGateway.run(settings: settings) { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            let held = try await upstream.next("tools/call")
            #expect(try await connection.head().headers["content-type"] == "text/event-stream")
            async let shutdown: Void = gateway.front.shutdown(grace: .seconds(30))
            while (try? await gateway.connect().close()) != nil {}
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{}}"#)
            #expect(try await connection.message() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(try await connection.message() == nil)
            await connection.waitForEnd()
            await shutdown
        }
    }

    @Test("without a host it listens on every address, and knows IPv4 clients by their own")
    func everywhere() async throws {
        try await TestGateway.run(at: [.tcp(host: nil, port: 0)]) { gateway in
            let address = try SocketAddress(ipAddress: "127.0.0.1", port: gateway.port)
            let connection = try await TestConnection.open(address)
            #expect(try await connection.exchange("GET", "/livez").status == 200)
            // The whole of 127.0.0.0/8 is this machine, but only what the client has reached is known by name.
            let other = try await TestConnection.open(try SocketAddress(ipAddress: "127.0.0.9", port: gateway.port))
            #expect(try await other.exchange("GET", "/livez", ["Host": "127.0.0.9"]).status == 200)
            #expect(try await other.exchange("GET", "/livez", ["Host": "127.0.0.8"]).status == 421)
        }
    }

    @Test("a call that is not answered does not hold up a shutdown without grace")
    func noGrace() async throws {
        try await TestGateway.run { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            _ = try await upstream.next("tools/call")
            await gateway.front.shutdown()
            await connection.waitForEnd()
        }
    }

    @Test("[5] it listens on the address it is given, and on a free port if asked")
    func address() async throws {
        try await TestGateway.run { gateway in
            #expect(gateway.front.localAddresses.map(\.ipAddress) == ["127.0.0.1"])
            #expect(gateway.port > 0)
        }
    }
}
