import GatewayCore
import MCP
import NIOCore
import Supervision
import TestSupport
import Testing

@Suite struct ClientSessionTests {
    @Test(
        "[27] initialize answers with the revision that was asked for, or the newest",
        arguments: [
            ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
            ("2025-11-25", "2025-11-25"), ("1999-01-01", "2025-11-25"), ("2026-07-28", "2025-11-25"),
        ])
    func negotiation(requested: String, answered: String) async throws {
        try await GatewayUnderTest.with { test in
            try #require(await test.connector.nextConnection()).becomeReady()
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            let answer = try await session.send(Lines.initialize(requested)).nextText()
            #expect(answer.contains(#""protocolVersion":"\#(answered)""#))
            #expect(await session.revision?.rawValue == answered)
        }
    }

    @Test("[29] a ping is answered with exactly {} before and after initialize, and never reaches the server")
    func ping() async throws {
        try await GatewayUnderTest.with { test in
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            let ping = #"{"jsonrpc":"2.0","id":"p","method":"ping"}"#
            #expect(try await session.send(ping).nextText() == #"{"jsonrpc":"2.0","id":"p","result":{}}"#)
        }
    }

    @Test("[31] a method whose capability the server does not advertise is answered with -32601")
    func unadvertised() async throws {
        try await GatewayUnderTest.with { test in
            let (session, _) = try await test.initializedSession(capabilities: #"{"tools":{}}"#)
            let answer = try await session.send(#"{"jsonrpc":"2.0","id":1,"method":"prompts/list"}"#).nextText()
            #expect(answer.contains("-32601") && answer.contains(#""id":1"#))
        }
    }

    @Test("[32] initialize cannot be cancelled")
    func initializeIsNotCancelled() async throws {
        try await GatewayUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            let sink = try await session.send(Lines.initialize("2025-06-18"))
            try await session.notify(
                #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":0}}"#)
            connection.becomeReady()
            #expect(await sink.nextText().contains("serverInfo"))
        }
    }

    @Test("a call before initialize, a second initialize, and one without a version are refused")
    func misuse() async throws {
        try await GatewayUnderTest.with { test in
            let fresh = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            #expect(try await fresh.send(Lines.call("a")).nextText().contains("initialize first"))
            let empty = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#
            #expect(try await fresh.send(empty).nextText().contains("-32602"))
            let (session, _) = try await test.initializedSession()
            #expect(try await session.send(Lines.initialize("2025-06-18")).nextText().contains("-32600"))
        }
    }

    @Test("a tool that the filter does not admit is neither listed nor called, and the rest is untouched")
    func toolFilter() async throws {
        let filter = ToolFilter(mode: .block, names: ["drop"])
        try await GatewayUnderTest.with(toolFilter: filter) { test in
            let (session, connection) = try await test.initializedSession()
            let refusal = try await session.send(Lines.call("drop")).nextText()
            #expect(refusal.contains("-32602") && refusal.contains("drop"))
            let list = try await session.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
            #expect(try #require(await connection.nextSent()).contains("tools/list"))
            connection.emit(
                #"{"jsonrpc":"2.0","id":1,"result":{"x":1.50,"tools":[{"name":"keep","n":1e3},{"name":"dr\u006fp"}],"nextCursor":"c"},"y":0}"#
            )
            #expect(
                await list.nextText()
                    == #"{"jsonrpc":"2.0","id":1,"result":{"x":1.50,"tools":[{"name":"keep","n":1e3}],"nextCursor":"c"},"y":0}"#
            )
        }
    }

    @Test("a filter is about the name with those bytes, and about none that looks like it")
    func filteredBytes() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        let (block, allow) = (
            ToolFilter(mode: .block, names: [composed]), ToolFilter(mode: .allow, names: [composed])
        )
        #expect(!block.admits(composed) && block.admits(decomposed))
        #expect(allow.admits(composed) && !allow.admits(decomposed))
    }

    @Test("more requests than a session may have in flight are refused, naming the limit")
    func inFlightLimit() async throws {
        try await GatewayUnderTest.with(limits: GatewayLimits(inFlightPerSession: 2)) { test in
            let (session, connection) = try await test.initializedSession()
            let first = try await session.send(Lines.call("a", id: "1"))
            _ = try await session.send(Lines.call("a", id: "2"))
            #expect(try await session.send(Lines.call("a", id: "3")).nextText().contains("limits.inFlightPerSession"))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            _ = await first.next()
            let next = try await session.send(Lines.call("a", id: "4"))
            connection.emit(#"{"jsonrpc":"2.0","id":3,"result":{}}"#)
            #expect(await next.nextText().contains(#""id":4"#))
        }
    }

    @Test("[61] list changes are kept, one of each kind, until a stream is open")
    func heldListChanges() async throws {
        try await GatewayUnderTest.with { test in
            let (session, connection) = try await test.initializedSession()
            for _ in 1...3 { connection.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#) }
            let call = try await session.send(Lines.call("a"))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            _ = await call.next()
            let stream = CollectingStream()
            await session.attach(stream)
            await test.gateway.close(session)
            let changed = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
            #expect(await stream.everything() == [changed])
        }
    }

    @Test("[57] the newest standalone stream takes over, and the older one ends")
    func newestStreamWins() async throws {
        try await GatewayUnderTest.with { test in
            let (session, connection) = try await test.initializedSession()
            let (old, new) = (CollectingStream(), CollectingStream())
            await session.attach(old)
            await session.attach(new)
            #expect(await old.everything() == [])
            await session.detach(old)
            connection.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            let call = try await session.send(Lines.call("a"))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            _ = await call.next()
            await test.gateway.close(session)
            #expect(await new.everything().count == 1)
        }
    }
}

/// A session stream that keeps what it gets until it is ended.
final class CollectingStream: SessionStream {
    private let messages: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (messages, continuation) = AsyncStream.makeStream() }
    func deliver(_ message: ByteBuffer) { continuation.yield(String(buffer: message)) }
    func end() { continuation.finish() }

    /// Waits for the end and returns what came before it.
    func everything() async -> [String] {
        await messages.reduce(into: []) { $0.append($1) }
    }
}
