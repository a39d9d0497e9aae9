import Bridge
import JSONRPC
import MCP
import NIOCore
import Supervision
import Synchronization
import TestSupport
import Testing

@Suite("A bridge between stdio and a server elsewhere", .timeLimit(.minutes(1)))
struct BridgeTests {
    /// Runs a bridge beside what the test does with it.
    private func end(
        of test: BridgeUnderTest, _ play: @escaping @Sendable (BridgeUnderTest) async throws -> Void
    ) async throws -> BridgeEnd {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await play(test) }
            let end = await test.bridge.run()
            try await group.waitForAll()
            return end
        }
    }

    @Test("the server is spoken to once the client has said what it is, and is told what the client can be asked")
    func opening() async throws {
        let end = try await end(of: BridgeUnderTest()) { test in
            await test.say(#"{"jsonrpc":"2.0","id":"p","method":"ping"}"# + "\n")
            #expect(await test.output.next() == #"{"jsonrpc":"2.0","id":"p","result":{}}"# + "\n")
            await test.say(BridgeUnderTest.initialize(capabilities: #"{"sampling":{},"tasks":{}}"#))
            let connection = try #require(await test.connector.nextConnection())
            #expect(
                connection.specification.clientCapabilities
                    == ClientCapabilities(json: ByteBuffer(string: #"{"sampling":{}}"#)))
            connection.becomeReady()
            #expect(await test.output.next()?.contains(#""name":"scripted""#) == true)
            await test.bridge.stop()
            test.connector.endEverything()
        }
        #expect(end == .finished)
    }

    @Test("what the client says while the server is asked waits, also the end")
    func eager() async throws {
        let end = try await end(of: BridgeUnderTest()) { test in
            await test.say(
                BridgeUnderTest.initialize() + #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
            await test.bridge.endOfInput()
            let connection = try #require(await test.connector.nextConnection())
            connection.respond { message in
                message.id.map { #"{"jsonrpc":"2.0","id":\#(String(buffer: $0.json)),"result":{"tools":[]}}"# }
            }
            connection.becomeReady()
            #expect(await test.output.next()?.contains(#""id":0"#) == true)
            #expect(await test.output.next() == #"{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}"# + "\n")
            // Nothing is due any more.
            for await step in connection.steps where step == .closeInput { break }
            test.connector.endEverything()
        }
        #expect(end == .finished)
    }

    @Test("a line that is too long is answered and forgotten, and line breaks inside of an answer are taken out")
    func lines() async throws {
        _ = try await end(of: BridgeUnderTest()) { test in
            let connection = try await test.open()
            connection.respond { message in
                message.id.map {
                    "{\"jsonrpc\":\"2.0\",\n\"id\":\(String(buffer: $0.json)),\r\n\"result\":{\"tools\":[]}}"
                }
            }
            let long = String(repeating: "x", count: 2000)
            await test.say(#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"\#(long)"}}"# + "\n")
            let refusal = try #require(await test.output.next())
            #expect(refusal.contains(#""id":7"#) && refusal.contains("1024 bytes"))
            await test.say(#"{"jsonrpc":"2.0","id":8,"method":"tools/list"}"# + "\n")
            let answer = try #require(await test.output.next())
            #expect(answer.filter { $0.isNewline }.count == 1 && answer.last == "\n")
            await test.bridge.stop()
            test.connector.endEverything()
        }
    }

    @Test(
        "a server that cannot be opened is given up with the reason, sooner or later",
        arguments: [
            (ExitReport.Cause.unauthorized(reason: "HTTP 401"), 1, BridgeEnd.unauthorized(reason: "HTTP 401")),
            (.handshakeFailed(reason: "HTTP 404"), 3, .unusable(reason: "HTTP 404")),
        ])
    func failures(cause: ExitReport.Cause, attempts: Int, expected: BridgeEnd) async throws {
        let tried = Mutex(0)
        let test = BridgeUnderTest { connection in
            tried.withLock { $0 += 1 }
            connection.emit(.ended(cause, isPermanent: false))
        }
        let end = try await end(of: test) { test in
            await test.say(BridgeUnderTest.initialize())
            let answer = try #require(await test.output.next())
            #expect(answer.contains(#""id":0"#) && answer.contains("far: HTTP 40"))
        }
        #expect(end == expected && tried.withLock(\.self) >= attempts)
    }

    @Test("nobody there is waited for, and given up when the patience is over")
    func patience() async throws {
        let script: @Sendable (ScriptedConnection) -> Void = {
            $0.emit(.ended(.unreachable(reason: "connection refused"), isPermanent: false))
        }
        let test = BridgeUnderTest(patience: .milliseconds(50), script: script)
        let end = try await end(of: test) { test in
            await test.say(BridgeUnderTest.initialize())
            #expect(await test.output.next()?.contains("connection refused") == true)
        }
        guard case .unreachable = end else { return #expect(end == .unreachable(reason: "")) }
    }

    @Test("calls that go on after the end of the input get an error when the grace is over")
    func grace() async throws {
        let end = try await end(of: BridgeUnderTest(grace: .milliseconds(20))) { test in
            _ = try await test.open()
            await test.say(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"# + "\n")
            await test.bridge.endOfInput()
            #expect(await test.output.next()?.contains("not repeated") == true)
            test.connector.endEverything()
        }
        #expect(end == .finished)
    }

    @Test("a connection that breaks is opened again: the call on its way gets an error, the next one its answer")
    func reconnecting() async throws {
        _ = try await end(of: BridgeUnderTest()) { test in
            let first = try await test.open()
            await test.say(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"# + "\n")
            _ = await first.sent.first { _ in true }
            first.emit(.ended(.connectionLost(reason: "gone"), isPermanent: false))
            #expect(await test.output.next()?.contains("not repeated") == true)
            await test.say(#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"# + "\n")
            let second = try #require(await test.connector.nextConnection())
            second.respond { message in
                message.id.map { #"{"jsonrpc":"2.0","id":\#(String(buffer: $0.json)),"result":{"tools":[]}}"# }
            }
            second.becomeReady()
            var lines: [String] = []
            while lines.last?.contains(#""id":2"#) != true { lines.append(try #require(await test.output.next())) }
            // Meanwhile its lists may have changed.
            #expect(lines.first?.contains("notifications/tools/list_changed") == true)
            await test.bridge.stop()
            test.connector.endEverything()
        }
    }
}
