import Downstream
import NIOCore
import TestSupport
import Testing

/// What a client has begun when the front shuts down.
@Suite("draining", .timeLimit(.minutes(1)))
struct DrainTests {
    /// Settings under which no request comes too late because the machine that runs the tests is busy.
    private static var patient: FrontSettings {
        var settings = TestGateway.patient
        settings.patienceWithFirst = .seconds(3600)
        return settings
    }

    /// Runs `body` after the front has begun to shut down and takes no more connections.
    private static func whileDraining(
        _ gateway: TestGateway, _ body: @Sendable () async throws -> Void
    ) async throws {
        async let shutdown: Void = gateway.front.shutdown(grace: .seconds(3600), lastAnswers: .seconds(3600))
        while (try? await gateway.connect().close()) != nil {}
        try await body()
        await shutdown
    }

    @Test("who has connected just before is served, and told that it was the last time on this connection")
    func fresh() async throws {
        try await TestGateway.run(settings: Self.patient) { gateway in
            let connection = try await gateway.connect()
            // So that it has been taken when the front shuts down: those that wait for that are lost with the socket.
            #expect(try await gateway.exchange("GET", "/livez").status == 200)
            try await Self.whileDraining(gateway) {
                let response = try await connection.exchange("GET", "/livez")
                #expect(response.status == 200)
                #expect(response.headers["connection"] == "close")
                await connection.waitForEnd()
            }
        }
    }

    @Test("a request that has come in part is read to its end and answered", arguments: [1, 20, 70])
    func begun(bytes: Int) async throws {
        try await TestGateway.run(settings: Self.patient) { gateway in
            let headers = try await gateway.session()
            let body = TestGateway.call("echo", id: "1")
            let fields = headers.map { "\($0): \($1)\r\n" }.joined()
            let request = Array(
                "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                    .utf8)
            // Of the longest one only the end of the body is missing.
            let first = bytes == 70 ? request.count - 3 : bytes
            let connection = try await gateway.connect()
            try await connection.send(Array(request.prefix(first)))
            #expect(try await gateway.exchange("GET", "/livez").status == 200)
            try await Self.whileDraining(gateway) {
                try await connection.send(Array(request.dropFirst(first)))
                let response = try await connection.response()
                #expect(response.status == 200)
                #expect(response.body.contains("\"tool\":\"echo\""))
                #expect(response.headers["connection"] == "close")
                await connection.waitForEnd()
            }
        }
    }

    @Test("a request that has not come when the grace is over is 503 if its head is complete")
    func unfinished() async throws {
        try await TestGateway.run { gateway in
            let whole =
                "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
            let body = try await gateway.connect()
            try await body.send(whole + "{")
            let head = try await gateway.connect()
            try await head.send("POST /fetch/mcp HTTP/1.1\r\n")
            #expect(try await gateway.exchange("GET", "/livez").status == 200)
            await gateway.front.shutdown(grace: .milliseconds(1), lastAnswers: .seconds(30))
            let response = try await body.response()
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] != nil)
            await body.waitForEnd()
            #expect(await head.bytes() == nil)
        }
    }

    @Test("a stream that is asked for now ends at once")
    func lateStream() async throws {
        try await TestGateway.run(settings: Self.patient) { gateway in
            let headers = try await gateway.session()
            let connection = try await gateway.connect()
            #expect(try await gateway.exchange("GET", "/livez").status == 200)
            try await Self.whileDraining(gateway) {
                try await connection.request(
                    "GET", "/fetch/mcp", headers.merging(["Accept": "text/event-stream"]) { $1 })
                #expect(try await connection.head().status == 200)
                #expect(try await connection.event() == nil)
                await connection.waitForEnd()
            }
        }
    }

    @Test("a call that comes now is answered, as an event too")
    func lateCall() async throws {
        var settings = Self.patient
        settings.deferredAnswerDelay = .milliseconds(1)
        try await TestGateway.run(settings: settings) { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            #expect(try await gateway.exchange("GET", "/livez").status == 200)
            try await Self.whileDraining(gateway) {
                try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
                let held = try await upstream.next("tools/call")
                #expect(try await connection.head().headers["content-type"] == "text/event-stream")
                upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{}}"#)
                #expect(try await connection.message() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
                #expect(try await connection.message() == nil)
                await connection.waitForEnd()
            }
        }
    }

    @Test("who asks nothing is not waited for: neither after connecting, nor after an answer")
    func silent() async throws {
        var settings = TestGateway.patient
        settings.patienceWithFirst = .milliseconds(200)
        settings.patienceWithNext = .milliseconds(100)
        try await TestGateway.run(settings: settings) { gateway in
            let fresh = try await gateway.connect()
            let used = try await gateway.connect()
            #expect(try await used.exchange("GET", "/livez").status == 200)
            await gateway.front.shutdown(grace: .seconds(3600), lastAnswers: .seconds(3600))
            #expect(await fresh.bytes() == nil)
            await used.waitForEnd()
        }
    }
}
