import JSONRPC
import NIOCore
import TestSupport
import Testing

@testable import Supervision

/// Pings on a connection that the test plays. Timeouts that must not pass are minutes, others milliseconds.
@Suite(.timeLimit(.minutes(2))) struct ManagedServerProbeTests {
    private static let patient = ProbePolicy(interval: .milliseconds(5), timeout: .seconds(600))
    private static let hasty = ProbePolicy(interval: .milliseconds(5), timeout: .milliseconds(5))

    @Test("an idle server is sent pings under ids of the gateway's own, and its answers go nowhere")
    func pings() async throws {
        try await ServerUnderTest.with(probe: Self.patient) { test in
            let connection = try await readyConnection(of: test)
            for id in 1...3 {
                #expect(await connection.nextSent() == #"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)
                connection.emit(#"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
            }
            let snapshot = await test.server.snapshot()
            #expect(snapshot.phase == .ready && snapshot.generation == 1)
        }
    }

    @Test("a server that answers pings with an error, or writes anything else, lives")
    func errorsAreAnswers() async throws {
        try await ServerUnderTest.with(probe: ProbePolicy(interval: .milliseconds(5), timeout: .seconds(60))) { test in
            let connection = try await readyConnection(of: test)
            _ = await connection.nextSent()
            connection.emit(#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}"#)
            #expect(try #require(await connection.nextSent()).contains(#""id":2,"method":"ping""#))
            connection.emit(.oversizedMessage(id: nil))
            #expect(try #require(await connection.nextSent()).contains(#""id":3,"method":"ping""#))
            connection.emit(.unusableOutput(UnusableLine(ByteBuffer(string: "pong"), reason: .notJSON(offset: 0))))
            #expect(try #require(await connection.nextSent()).contains(#""id":4,"method":"ping""#))
        }
    }

    @Test("one that gives no sign of life is stopped, a call that came meanwhile is answered, and it is started again")
    func death() async throws {
        try await ServerUnderTest.with(probe: Self.hasty) { test in
            let first = try #require(await test.connector.nextConnection())
            let sink = CollectingSink()
            let call = try Message(ByteBuffer(string: #"{"jsonrpc":"2.0","id":"c","method":"tools/list"}"#))
            let server = test.server
            first.respond { message in
                guard message.isMethod("ping") else { return nil }
                server.eventLoop.execute {
                    server.assumeIsolated { $0.call(call, id: RequestID(1), by: CallerID(1), sink: sink) }
                }
                return nil
            }
            first.becomeReady()
            var steps = first.steps.makeAsyncIterator()
            #expect(await steps.next() == .closeInput)
            first.emit(.ended(.signalled(9), isPermanent: false))
            let answer = await sink.nextText()
            #expect(answer.contains("killed by signal 9 before it answered; the call is not repeated"))
            _ = try #require(await test.connector.nextConnection())
            let reason = "it did not answer a ping within 5 ms"
            #expect(await server.snapshot().lastExit?.cause == .connectionLost(reason: reason))
        }
    }

    @Test("while a call is in flight no ping is sent; the silence is told until the answer comes")
    func silence() async throws {
        try await ServerUnderTest.with(probe: Self.patient) { test in
            let connection = try #require(await test.connector.nextConnection())
            // In one go, or a ping could come first.
            let sink = try await test.call(#"{"jsonrpc":"2.0","id":"c","method":"x/y"}"#)
            connection.becomeReady()
            var health = await test.server.snapshot().health
            while health.level != .degraded || health.summary == "starting" {
                health = await test.server.snapshot().health
            }
            #expect(health.summary.hasPrefix("silent for ") && health.summary.hasSuffix(" with 1 call waiting"))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":0}"#)
            _ = await sink.next()
            #expect(await test.server.snapshot().health == HealthReport(level: .healthy, summary: "ready"))
            #expect(try #require(await connection.nextSent()).contains(#""method":"x/y""#))
            #expect(try #require(await connection.nextSent()).contains(#""id":2,"method":"ping""#))
        }
    }

    @Test("a server that waits for a person's answer is not called silent; once it has that, it may be")
    func waitingForAnswer() async throws {
        try await ServerUnderTest.with(probe: Self.patient) { test in
            let connection = try #require(await test.connector.nextConnection())
            let observer = RecordingObserver()
            await test.server.attach(observer, as: CallerID(1))
            let sink = try await test.call(Questions.call(1), by: 1)
            connection.becomeReady()
            connection.emit(Questions.elicitation(id: "9"))
            #expect(await observer.hears("asked elicitation/create in a call"))
            let began = ContinuousClock.now
            while ContinuousClock.now - began < Self.patient.interval * 4 {
                #expect(await test.server.snapshot().health == HealthReport(level: .healthy, summary: "ready"))
            }
            let id = try #require(observer.ids.first)
            #expect(await test.server.answer(id, with: try Message(Questions.result(id: "1")), by: CallerID(1)))
            var health = await test.server.snapshot().health
            while health.level != .degraded { health = await test.server.snapshot().health }
            #expect(health.summary.hasPrefix("silent for "))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            _ = await sink.next()
        }
    }

    @Test("a ping that the connection lost or gave back is sent again, and ends no life")
    func lostPings() async throws {
        try await ServerUnderTest.with(probe: Self.patient) { test in
            let connection = try await readyConnection(of: test)
            #expect(try #require(await connection.nextSent()).contains(#""id":1,"method":"ping""#))
            connection.emit(.callLost(id: RequestID(1), reason: "closed the stream of the answer"))
            let second = try #require(await connection.nextSent())
            #expect(second.contains(#""id":2,"method":"ping""#))
            connection.emit(.unsent(ByteBuffer(string: second)))
            #expect(try #require(await connection.nextSent()).contains(#""id":3,"method":"ping""#))
            #expect(await test.server.snapshot().generation == 1)
        }
    }

    @Test("a server that is part of the gateway is not asked")
    func builtin() {
        var specification = ServerSpecification(name: "gateway", launch: .builtin("gateway"))
        #expect(specification.effectiveProbe == .off)
        specification.launch = .process(ProcessCommand(command: "x"))
        #expect(specification.effectiveProbe == ProbePolicy(interval: .seconds(30), timeout: .seconds(30)))
    }
}
