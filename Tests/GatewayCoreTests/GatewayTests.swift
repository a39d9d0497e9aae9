import GatewayCore
import NIOCore
import Supervision
import TestSupport
import Testing

@Suite struct GatewayTests {
    @Test("[35] session ids are visible ASCII, long, and never the same")
    func sessionIDs() async throws {
        try await GatewayUnderTest.with { test in
            var ids: Set<String> = []
            for _ in 1...100 {
                ids.insert(try await test.gateway.openSession(on: test.route, principal: .anonymous).id)
            }
            #expect(ids.count == 100)
            #expect(ids.allSatisfy { $0.utf8.count >= 32 && $0.utf8.allSatisfy { (0x21...0x7e).contains($0) } })
        }
    }

    @Test("[37] [59] a session is found by its own principal on its own route, until it is closed")
    func sessionLookUp() async throws {
        try await GatewayUnderTest.with(tokens: ["a", "b"]) { test in
            let (a, b) = (Principal.token(index: 0), Principal.token(index: 1))
            let session = try await test.gateway.openSession(on: test.route, principal: a)
            #expect(try await test.session(session.id, on: test.route, principal: a) === session)
            #expect(try await test.session(session.id, on: test.route, principal: b) == nil)
            let other = Route(name: "other", callee: test.route.callee, access: test.route.access)
            #expect(try await test.session(session.id, on: other, principal: a) == nil)
            await test.gateway.close(session)
            #expect(try await test.session(session.id, on: test.route, principal: a) == nil)
        }
    }

    @Test("[60] one session too many is refused, naming the limit, and there is room again after one closes")
    func sessionLimit() async throws {
        try await GatewayUnderTest.with(limits: GatewayLimits(sessions: 1)) { test in
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            await #expect(throws: SessionRefusal.tooManySessions(limit: 1)) {
                try await test.gateway.openSession(on: test.route, principal: .anonymous)
            }
            await test.gateway.close(session)
            _ = try await test.gateway.openSession(on: test.route, principal: .anonymous)
        }
    }

    @Test("[58] a session that nobody uses expires and is not found any more; an open stream keeps one alive")
    func sessionsExpire() async throws {
        try await GatewayUnderTest.with(limits: GatewayLimits(sessionIdle: .milliseconds(20))) { test in
            let stream = CollectingStream()
            // In one go, or a busy machine would let the first session expire before its stream is open.
            let (kept, forgotten) = try await test.gateway.eventLoop.submit {
                try test.gateway.assumeIsolated { gateway in
                    let kept = try gateway.openSession(on: test.route, principal: .anonymous)
                    kept.assumeIsolated { $0.attach(stream) }
                    return (kept, try gateway.openSession(on: test.route, principal: .anonymous))
                }
            }.get()
            while await test.gateway.status().sessions > 1 { await Task.yield() }
            #expect(try await test.session(forgotten.id, on: test.route, principal: .anonymous) == nil)
            #expect(try await test.session(kept.id, on: test.route, principal: .anonymous) === kept)
            await kept.detach(stream)
            while await test.gateway.status().sessions > 0 { await Task.yield() }
        }
    }

    @Test("readiness is reported once, when the listener is up and the required server has been ready")
    func readiness() async throws {
        let reporter = CollectingReporter()
        try await GatewayUnderTest.with(required: true, reporter: reporter) { test in
            let connection = try #require(await test.connector.nextConnection())
            await test.gateway.listenerIsUp()
            #expect(await reporter.next() == "waiting for scripted; 0/1 servers ready; scripted starting")
            #expect(await test.gateway.stage == .starting)
            connection.becomeReady()
            #expect(await reporter.next() == "1/1 servers ready")
            #expect(await reporter.next() == "READY")
            #expect(await test.gateway.stage == .serving)
        }
    }

    @Test("a gateway that is told to stop says so, whatever its servers do")
    func stopping() async throws {
        let reporter = CollectingReporter()
        try await GatewayUnderTest.with(reporter: reporter) { test in
            let connection = try #require(await test.connector.nextConnection())
            await test.gateway.listenerIsUp()
            #expect(await reporter.next() == "0/1 servers ready; scripted starting")
            #expect(await reporter.next() == "READY")
            await test.gateway.beginClosing(grace: .seconds(60))
            #expect(await reporter.next() == "STOPPING")
            #expect(await reporter.next() == "stopping; 0/1 servers ready; scripted starting")
            #expect(await test.gateway.stage == .stopping)
            connection.becomeReady()
            #expect(await reporter.next() == "stopping; 1/1 servers ready")
        }
    }

    @Test(
        "a gateway that stops before it was ready never says that it is, when its required server becomes ready after all"
    )
    func neverReady() async throws {
        let reporter = CollectingReporter()
        try await GatewayUnderTest.with(required: true, reporter: reporter) { test in
            let connection = try #require(await test.connector.nextConnection())
            await test.gateway.listenerIsUp()
            #expect(await reporter.next() == "waiting for scripted; 0/1 servers ready; scripted starting")
            await test.gateway.beginClosing(grace: .seconds(60))
            #expect(await reporter.next() == "STOPPING")
            #expect(await reporter.next() == "stopping; 0/1 servers ready; scripted starting")
            connection.becomeReady()
            #expect(await reporter.next() == "stopping; 1/1 servers ready")
            await test.gateway.serverChanged()
            reporter.status("the end")
            #expect(await reporter.next() == "the end")
            #expect(await test.gateway.stage == .stopping)
        }
    }

    @Test("a required server that does not become ready holds readiness up no longer than its startTimeout")
    func readinessDeadline() async throws {
        let reporter = CollectingReporter()
        try await GatewayUnderTest.with(
            required: true, startTimeout: .milliseconds(50), reporter: reporter
        ) { test in
            await test.gateway.listenerIsUp()
            var report = await reporter.next()
            while report != "READY" { report = await reporter.next() }
        }
    }
}

private final class CollectingReporter: ReadinessReporter {
    private let reports: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (reports, continuation) = AsyncStream.makeStream() }
    func ready() { continuation.yield("READY") }
    func stopping() { continuation.yield("STOPPING") }
    func status(_ line: String) { continuation.yield(line) }
    func next() async -> String? { await reports.first { _ in true } }
}
