import Downstream
import GatewayCore
import TestSupport
import Testing

@Suite("all buffers together", .timeLimit(.minutes(1)))
struct BufferedBytesTests {
    private static func settings(_ bytes: Int) -> FrontSettings {
        var settings = TestGateway.patient
        settings.bufferedBytes = bytes
        return settings
    }

    private static func post(_ length: Int) -> String {
        "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(length)\r\n\r\n"
    }

    @Test("of two requests that are too much together the larger one is given up, and the other is answered")
    func bodies() async throws {
        try await TestGateway.run(settings: Self.settings(10_000)) { gateway in
            let large = try await gateway.connect()
            try await large.send(Self.post(9000) + String(repeating: " ", count: 6000))
            let small = try await gateway.connect()
            let initialize = TestGateway.initialize
            try await small.send(Self.post(5000 + initialize.utf8.count) + String(repeating: " ", count: 5000))
            await large.waitForEnd()
            try await small.send(initialize)
            #expect(try await small.response().status == 200)
        }
    }

    @Test("request heads count as well")
    func heads() async throws {
        try await TestGateway.run(settings: Self.settings(10_000)) { gateway in
            let connection = try await gateway.connect()
            let head = "GET /livez HTTP/1.1\r\nHost: localhost\r\nX: "
            try await connection.send(head + String(repeating: "x", count: 9000))
            let other = try await gateway.connect()
            try await other.send(head + String(repeating: "x", count: 2000))
            await connection.waitForEnd()
            try await other.send("\r\n\r\n")
            #expect(try await other.response().status == 200)
        }
    }

    @Test("a client that does not read an answer that is too much is disconnected, and others are served")
    func answers() async throws {
        let log = LogLines()
        try await TestGateway.run(settings: Self.settings(1 << 20), logger: log.logger) { gateway in
            let headers = try await gateway.session()
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
            let held = try await upstream.next("tools/call")
            try await connection.stopReading()
            let long = String(repeating: "x", count: 8 << 20)
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{"text":"\#(long)"}}"#)
            await log.wait(for: "too much waits in memory")
            let call = TestGateway.call("echo", id: "2")
            #expect(try await gateway.exchange("POST", "/fetch/mcp", headers, body: call).status == 200)
            try await connection.startReading()
            await #expect(throws: TestConnection.Failure.self) { try await connection.response() }
        }
    }

    @Test("events that wait for a slow reader count, whatever its own queue may hold")
    func events() async throws {
        var settings = Self.settings(1 << 20)
        settings.streamQueueBytes = .max / 2
        settings.streamQueueEvents = .max
        try await TestGateway.run(settings: settings) { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            try await stream.connection.stopReading()
            let poster = try await gateway.connect()
            let long = String(repeating: "x", count: 90_000)
            var status = 202
            while status == 202 {
                let call = TestGateway.call(long, id: "1")
                status = try await poster.exchange("POST", stream.endpoint, TestGateway.json, body: call).status
            }
            #expect(status == 404)
            #expect(await gateway.gateway.status().sessions == 0)
        }
    }

    @Test("answers of a batch that wait for the rest of it count")
    func batches() async throws {
        try await TestGateway.run(settings: Self.settings(1 << 20)) { gateway in
            var headers = try await gateway.session(revision: "2025-03-26")
            headers["Accept"] = "application/json"
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            let calls = ["1", "2"].map { TestGateway.call("hold", id: $0) }.joined(separator: ",")
            try await connection.request("POST", "/fetch/mcp", headers, body: "[\(calls)]")
            let first = try await upstream.next("tools/call")
            let second = try await upstream.next("tools/call")
            let long = String(repeating: "x", count: 2 << 20)
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(first.idText),"result":{"text":"\#(long)"}}"#)
            await connection.waitForEnd()
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(second.idText),"result":{}}"#)
            #expect(try await gateway.exchange("GET", "/livez").status == 200)
        }
    }
}
