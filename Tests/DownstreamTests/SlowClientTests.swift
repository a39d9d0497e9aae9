import GatewayCore
import NIOCore
import TestSupport
import Testing

@testable import Downstream

@Suite("slow clients", .timeLimit(.minutes(1)))
struct SlowClientTests {
    /// More than the sockets of both sides take.
    private static let long = String(repeating: "x", count: 8 << 20)

    /// A client that has called a tool, does not read, and to which a long answer is on its way.
    private static func deafCaller(_ gateway: TestGateway) async throws -> TestConnection {
        let headers = try await gateway.session()
        let upstream = try await gateway.upstream()
        let connection = try await gateway.connect()
        try await connection.request("POST", "/fetch/mcp", headers, body: TestGateway.call("hold", id: "1"))
        let held = try await upstream.next("tools/call")
        try await connection.stopReading()
        upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{"text":"\#(long)"}}"#)
        return connection
    }

    @Test("a client that stops reading its answer is disconnected")
    func stoppedReadingAnswer() async throws {
        var settings = TestGateway.patient
        settings.writeTimeout = .milliseconds(50)
        let log = LogLines()
        try await TestGateway.run(settings: settings, logger: log.logger) { gateway in
            let connection = try await Self.deafCaller(gateway)
            await log.wait(for: "did not read its answer")
            try await connection.startReading()
            await #expect(throws: TestConnection.Failure.self) { try await connection.response() }
        }
    }

    @Test("a client that stops reading its stream loses it, and the session with it")
    func stoppedReadingStream() async throws {
        var settings = TestGateway.patient
        settings.writeTimeout = .milliseconds(50)
        try await TestGateway.run(settings: settings) { gateway in
            let stream = try await gateway.stream()
            try await gateway.initialize(stream)
            let upstream = try await gateway.upstream()
            let call = TestGateway.call("hold", id: "1")
            _ = try await gateway.exchange("POST", stream.endpoint, TestGateway.json, body: call)
            let held = try await upstream.next("tools/call")
            try await stream.connection.stopReading()
            upstream.emit(#"{"jsonrpc":"2.0","id":\#(held.idText),"result":{"text":"\#(Self.long)"}}"#)
            while await gateway.gateway.status().sessions > 0 { await Task.yield() }
            try await stream.connection.startReading()
            await stream.connection.waitForEnd()
        }
    }

    @Test("a connection whose answer is still being read is not taken for idle")
    func slowIsNotIdle() async throws {
        var settings = TestGateway.patient
        // Long enough for a busy machine to open a session meanwhile.
        settings.idleTimeout = .seconds(4)
        let log = LogLines()
        let server = TestGateway.Server(name: "fetch", logsRequests: true)
        try await TestGateway.run([server], settings: settings, logger: log.logger) { gateway in
            let connection = try await Self.deafCaller(gateway)
            // The answers to initialize and to the call are written.
            for _ in 1...2 { await log.wait(for: "request") }
            // Opened later, so that the other one would have been closed before it.
            let silent = try await gateway.connect()
            await silent.waitForEnd()
            try await connection.startReading()
            let response = try await connection.response()
            #expect(response.body.utf8.count > Self.long.utf8.count)
        }
    }

    @Test("the rest of a request that was refused is waited for only so long")
    func refusedRequest() async throws {
        var settings = TestGateway.patient
        settings.discardTimeout = .milliseconds(50)
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            try await connection.send("POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
            #expect(try await connection.response().status == 415)
            await connection.waitForEnd()
        }
    }

    @Test("reading a little is enough; what counts is the time without any")
    func watch() {
        var watch = ReadingWatch(patience: .seconds(60))
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        // In the fourth, more has been written and nothing has left; in the sixth, everything has.
        let looks: [(written: Int, unsent: Int, second: Int64, hasStopped: Bool)] = [
            (100, 100, 0, false), (100, 100, 59, false), (100, 99, 60, false), (200, 199, 119, false),
            (200, 199, 120, true), (200, 0, 121, false), (300, 100, 300, false), (300, 100, 359, false),
            (300, 100, 360, true),
        ]
        for look in looks {
            let hasStopped = watch.hasStopped(
                written: look.written, unsent: look.unsent, at: start + .seconds(look.second))
            #expect(hasStopped == look.hasStopped, "at \(look.second) s")
        }
    }

    /// Sends one byte after another, with an exchange of another client between, until the connection ends.
    private static func trickle(_ connection: TestConnection, _ gateway: TestGateway) async throws {
        let other = try await gateway.connect()
        while (try? await connection.send("x")) != nil {
            #expect(try await other.exchange("GET", "/livez").status == 200)
        }
    }

    @Test("a request head that trickles in has the time of one request, not of every byte")
    func trickledHead() async throws {
        var settings = TestGateway.patient
        settings.requestTimeout = .milliseconds(50)
        settings.headerLimit = 1 << 20
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            #expect(try await connection.exchange("GET", "/livez").status == 200)
            try await connection.send("GET /livez HTTP/1.1\r\nX: ")
            try await Self.trickle(connection, gateway)
            await connection.waitForEnd()
        }
    }

    @Test("a request body that trickles in has no more time either")
    func trickledBody() async throws {
        var settings = TestGateway.patient
        settings.requestTimeout = .milliseconds(50)
        try await TestGateway.run(settings: settings) { gateway in
            let connection = try await gateway.connect()
            try await connection.send(
                "POST /fetch/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000000\r\n\r\n")
            try await Self.trickle(connection, gateway)
            await connection.waitForEnd()
        }
    }
}
