import GatewayCore
import JSONRPC
import NIOCore
import Supervision
import Synchronization
import TestSupport
import Testing

@Suite("how many tools servers have", .timeLimit(.minutes(1)))
struct ToolCensusTests {
    @Test("all pages are counted, once in each life, and only when somebody wants to know")
    func counting() async throws {
        try await GatewayUnderTest.with { under in
            let asked = Mutex(0)
            let connection = try #require(await under.connector.nextConnection())
            connection.respond { message in
                asked.withLock { $0 += 1 }
                return Self.page(of: message)
            }
            connection.becomeReady()
            let census = try await Census.make(under)
            while await census.snapshot().isReady == false {}
            #expect(asked.withLock(\.self) == 0)
            #expect(await census.count() == 3)
            #expect(await census.count() == 3)
            #expect(asked.withLock(\.self) == 2)
            #expect(await under.gateway.status().sessions == 0)
        }
    }

    @Test("they are counted again once the server has said that they have changed, however often it says so")
    func changes() async throws {
        try await GatewayUnderTest.with { under in
            let asked = Mutex(0)
            let connection = try #require(await under.connector.nextConnection())
            connection.respond { message in
                let tools = asked.withLock { asked in
                    asked += 1
                    return asked == 1 ? #"{"name":"a"}"# : #"{"name":"a"},{"name":"b"}"#
                }
                return Self.list(message, #"{"tools":[\#(tools)]}"#)
            }
            connection.becomeReady()
            let census = try await Census.make(under)
            while await census.snapshot().isReady == false {}
            #expect(await census.count() == 1)
            connection.emit(#"{"jsonrpc":"2.0","method":"notifications/prompts/list_changed"}"#)
            for _ in 1...5 { connection.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#) }
            while await census.snapshot().toolListChanges < 5 {}
            #expect(asked.withLock(\.self) == 1)
            #expect(await census.count() == 2)
            #expect(await census.count() == 2)
            #expect(asked.withLock(\.self) == 2)
        }
    }

    @Test("while a changed list is asked for again and does not come, the old number is told")
    func oldNumber() async throws {
        try await GatewayUnderTest.with { under in
            let connection = try #require(await under.connector.nextConnection())
            connection.respond { Self.list($0, #"{"tools":[{"name":"a"}]}"#) }
            connection.becomeReady()
            let census = try await Census.make(under, patience: .milliseconds(50))
            while await census.snapshot().isReady == false {}
            #expect(await census.count() == 1)
            connection.respond { _ in nil }
            connection.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            while await census.snapshot().toolListChanges < 1 {}
            #expect(await census.count() == 1)
        }
    }

    @Test("a server that does not answer is not waited for long, and is told that nobody waits any more")
    func patience() async throws {
        try await GatewayUnderTest.with { under in
            let connection = try #require(await under.connector.nextConnection())
            connection.becomeReady()
            let census = try await Census.make(under, patience: .milliseconds(50))
            while await census.snapshot().isReady == false {}
            #expect(await census.count() == nil)
            #expect(await connection.nextSent()?.contains("tools/list") == true)
            #expect(await connection.nextSent()?.contains("notifications/cancelled") == true)
            #expect(await census.snapshot().inFlight == 0)
        }
    }

    @Test("a server that is not ready is not asked")
    func notReady() async throws {
        try await GatewayUnderTest.with { under in
            _ = try #require(await under.connector.nextConnection())
            let census = try await Census.make(under, patience: .seconds(60))
            #expect(await census.count() == nil)
        }
    }

    @Test("a list that never ends is told as far as fifty pages")
    func endless() async throws {
        try await GatewayUnderTest.with { under in
            let pages = Mutex(0)
            let connection = try #require(await under.connector.nextConnection())
            connection.respond { message in
                let page = pages.withLock { pages in
                    pages += 1
                    return pages
                }
                return Self.list(message, #"{"tools":[{"name":"t\#(page)"}],"nextCursor":"\#(page)"}"#)
            }
            connection.becomeReady()
            let census = try await Census.make(under, patience: .seconds(60))
            while await census.snapshot().isReady == false {}
            #expect(await census.count() == 50)
            #expect(pages.withLock(\.self) == 50)
        }
    }

    private static func page(of message: Message) -> String? {
        let isSecond = message.params.map { String(buffer: $0).contains("next") } ?? false
        return list(
            message,
            isSecond
                ? #"{"tools":[{"name":"c"}]}"# : #"{"tools":[{"name":"a"},{"name":"b"}],"nextCursor":"next"}"#)
    }

    private static func list(_ message: Message, _ result: String) -> String? {
        guard message.isMethod("tools/list"), let id = message.id.map({ String(buffer: $0.json) }) else { return nil }
        return #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
    }
}

/// A census on the event loop of its gateway.
private struct Census {
    let under: GatewayUnderTest
    let server: InstancePool
    let census: NIOLoopBound<ToolCensus>

    static func make(_ under: GatewayUnderTest, patience: Duration = .seconds(60)) async throws -> Census {
        let eventLoop = under.gateway.eventLoop
        let census = try await eventLoop.submit {
            NIOLoopBound(ToolCensus(eventLoop: eventLoop, patience: patience), eventLoop: eventLoop)
        }.get()
        return Census(under: under, server: try #require(under.route.server), census: census)
    }

    func snapshot() async -> ServerSnapshot { await server.snapshot() }

    func count() async -> Int? {
        let (gateway, census, server) = (under.gateway, census, server)
        return await withCheckedContinuation { continuation in
            gateway.eventLoop.execute {
                let snapshot = server.assumeIsolated { $0.snapshot() }
                census.value.take(of: [snapshot], through: gateway) {
                    continuation.resume(returning: census.value.count(of: snapshot))
                }
            }
        }
    }
}
