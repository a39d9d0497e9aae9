import GatewayCore
import JSONRPC
import NIOCore
import Supervision
import TestSupport
import Testing

@Suite("what an operator asks of a server", .timeLimit(.minutes(1)))
struct OperatorRequestTests {
    @Test("a call in flight when the gateway begins to stop is waited for, and gets its answer")
    func answeredAtTheStop() async throws {
        try await GatewayUnderTest.with { test in
            let (outcomes, connection, id) = try await Self.callInFlight(test)
            await test.gateway.beginClosing(grace: .seconds(60))
            async let done: Void = test.gateway.operatorsAreDone(within: .seconds(60))
            connection.emit(#"{"jsonrpc":"2.0","id":\#(id),"result":{"content":[]}}"#)
            guard case .result(let result) = await outcomes.first(where: { _ in true }) else {
                Issue.record("no result")
                return
            }
            #expect(String(buffer: result) == #"{"content":[]}"#)
            await done
            #expect(await test.gateway.status().sessions == 0)
        }
    }

    @Test("one that outlasts the grace is lost, and nobody is told that it can be made again")
    func lostAtTheStop() async throws {
        try await GatewayUnderTest.with { test in
            let (outcomes, _, _) = try await Self.callInFlight(test)
            await test.gateway.beginClosing(grace: .milliseconds(10))
            await test.gateway.operatorsAreDone(within: .seconds(60))
            guard case .lost(let reason) = await outcomes.first(where: { _ in true }) else {
                Issue.record("not lost")
                return
            }
            #expect(reason.contains("the gateway is stopping") && reason.contains("not repeated"))
        }
    }

    @Test("one whose session is ended by the gateway is lost, too")
    func endedSession() async throws {
        try await GatewayUnderTest.with { test in
            let (outcomes, _, _) = try await Self.callInFlight(test)
            await test.gateway.closeAllSessions()
            await test.gateway.operatorsAreDone(within: .seconds(60))
            guard case .lost = await outcomes.first(where: { _ in true }) else {
                Issue.record("not lost")
                return
            }
        }
    }

    @Test("one that was never sent is unavailable, and not lost")
    func neverSent() async throws {
        try await GatewayUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady()
            _ = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            connection.refuse(with: .backlogFull(bytes: 1))
            let outcomes = try await Self.call(test)
            guard case .unavailable(let unavailability) = await outcomes.first(where: { _ in true }) else {
                Issue.record("not unavailable")
                return
            }
            #expect(!unavailability.wasSent)
        }
    }

    @Test("nobody waits longer than he wants to, and not at all where there is nothing to wait for")
    func patience() async throws {
        try await GatewayUnderTest.with { test in
            await test.gateway.operatorsAreDone(within: .seconds(3600))
            // A client's session is no operator's.
            _ = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            await test.gateway.operatorsAreDone(within: .seconds(3600))
            _ = try await Self.callInFlight(test)
            await test.gateway.operatorsAreDone(within: .milliseconds(10))
            #expect(await test.gateway.status().sessions == 2)
        }
    }

    /// Calls a tool and waits until the server has got the call; answers the id under which it has.
    private static func callInFlight(
        _ test: GatewayUnderTest
    ) async throws -> (outcomes: AsyncStream<OperatorRequest.Outcome>, connection: ScriptedConnection, id: String) {
        let connection = try #require(await test.connector.nextConnection())
        connection.becomeReady()
        let outcomes = try await call(test)
        let sent = try #require(await connection.sent.first { String(buffer: $0).contains("tools/call") })
        let id = try #require(try Message(sent).id)
        return (outcomes, connection, String(buffer: id.json))
    }

    private static func call(_ test: GatewayUnderTest) async throws -> AsyncStream<OperatorRequest.Outcome> {
        let (outcomes, continuation) = AsyncStream.makeStream(of: OperatorRequest.Outcome.self)
        let (gateway, route) = (test.gateway, test.route)
        _ = try await gateway.eventLoop.submit {
            OperatorRequest.send(
                "tools/call", params: ByteBuffer(string: #"{"name":"x"}"#), to: route, of: gateway
            ) { continuation.yield($0) }
        }.get()
        return outcomes
    }
}
