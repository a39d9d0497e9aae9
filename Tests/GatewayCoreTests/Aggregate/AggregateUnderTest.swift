import JSONRPC
import Logging
import MCP
import NIOCore
import NIOPosix
import Supervision
import Synchronization
import TestSupport
import Testing

@testable import GatewayCore

/// An endpoint for several servers, which the test plays, and callers of it.
struct AggregateUnderTest {
    let eventLoop: any EventLoop
    let aggregation: Aggregation
    let route: Route

    static func with(
        _ members: [(member: ScriptedMember, exposure: Exposure)], tokens: [String: [String]] = [:],
        rules: AggregateRules = AggregateRules(), retryInterval: Duration = .seconds(30),
        _ body: (AggregateUnderTest) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let aggregation = Aggregation(
            on: group.next(), identity: ("gateway", "1.0"), patience: .milliseconds(200),
            retryInterval: retryInterval, logger: logger)
        let route = try #require(await aggregation.apply(plan(members, tokens: tokens, rules: rules)).first)
        try await body(AggregateUnderTest(eventLoop: group.next(), aggregation: aggregation, route: route))
        try await group.shutdownGracefully()
    }

    static func with(
        _ members: [ScriptedMember], _ body: (AggregateUnderTest) async throws -> Void
    ) async throws {
        try await with(members.map { ($0, Exposure()) }, body)
    }

    /// All of these servers behind one endpoint; `tokens` are those of a server, by its name.
    static func plan(
        _ members: [(member: ScriptedMember, exposure: Exposure)], tokens: [String: [String]] = [:],
        rules: AggregateRules = AggregateRules()
    ) -> Aggregation.Plan {
        Aggregation.Plan(
            members: members.map { member, exposure in
                let route = Route(
                    name: member.name, callee: member, access: AccessRules(tokens: tokens[member.name] ?? []),
                    guardedTools: ["guarded"], forwardedHeaders: ["X-\(member.name)"])
                return (route, exposure)
            }, groups: [("", members.map(\.member.name))], rules: rules)
    }

    /// A caller that has neither been made known nor asked anything.
    func client(
        _ number: UInt64, revision: ProtocolRevision, principal: PrincipalKey? = nil
    ) -> AggregateClient {
        let profile = ClientProfile(principal: principal ?? route.access.key(of: .anonymous), revision: revision)
        return AggregateClient(
            callee: route.callee, caller: Caller(CallerID(number), profile), eventLoop: eventLoop)
    }

    /// A caller that presents this `Authorization`, after its client has connected.
    func caller(_ number: UInt64 = 1, _ authorization: String? = nil) async throws -> AggregateClient {
        let principal = try #require(route.access.principal(presenting: authorization))
        let caller = Caller(CallerID(number), ClientProfile(principal: route.access.key(of: principal)))
        let client = AggregateClient(callee: route.callee, caller: caller, eventLoop: eventLoop)
        let description = AsyncStream<ServerDescription?>.makeStream()
        eventLoop.execute {
            client.callee.attach(client, as: caller)
            client.callee.describe(for: caller) { description.continuation.yield(try? $0.get()) }
        }
        let described = await description.stream.first { _ in true }
        client.description.withLock { $0 = described ?? nil }
        return client
    }
}
