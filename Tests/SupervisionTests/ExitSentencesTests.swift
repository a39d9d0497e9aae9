import Testing

@testable import Supervision

@Suite("Sentences about ends", .timeLimit(.minutes(1)))
struct ExitSentencesTests {
    /// What is said of the server for each cause: alone, and of a call that it did not answer.
    private static let table: [(cause: ExitReport.Cause, clause: String, ofCall: String)] = [
        (.exited(status: 7), "exited with status 7", "exited with status 7 before it answered"),
        (.signalled(9), "was killed by signal 9", "was killed by signal 9 before it answered"),
        (
            .notStarted(reason: "no such file"), "could not be started: no such file",
            "could not be started before it answered: no such file"
        ),
        (
            .unreachable(reason: "connection refused"), "could not be reached: connection refused",
            "could not be reached before it answered: connection refused"
        ),
        (
            .unauthorized(reason: "HTTP 401"), "did not let the gateway in: HTTP 401",
            "did not let the gateway in before it answered: HTTP 401"
        ),
        (
            .handshakeFailed(reason: "it says nothing"), "did not complete the MCP handshake: it says nothing",
            "did not complete the MCP handshake before it answered: it says nothing"
        ),
        (
            .connectionLost(reason: "it closed its stdout"), "broke the connection: it closed its stdout",
            "broke the connection before it answered: it closed its stdout"
        ),
    ]

    @Test("each is one, whatever ended the server")
    func sentences() {
        for (cause, clause, _) in Self.table {
            #expect(ExitReport(cause: cause).description == clause)
            let report = ExitReport(cause: cause, lastStandardErrorLine: "out of cheese")
            #expect(report.description == "\(clause); last stderr line: \"out of cheese\"")
            let life = PastLife(generation: 3, endedAgo: .seconds(2), readyFor: nil, exit: report, wasAskedFor: false)
            #expect(life.description == "life 3 ended 2 s ago, never ready: \(clause)")

            var machine = Situation.ready.machine()
            _ = machine.ended(Situation.generation, report, now: Situation.now, jitter: 0)
            #expect(
                machine.snapshot(now: Situation.now + .seconds(2)).reason
                    == "\(clause), 2 s ago; last stderr line: \"out of cheese\"; started again, "
                    + "waiting for the MCP handshake, for another 18 s at most")
            var failed = Situation.ready.machine()
            _ = failed.ended(Situation.generation, report, permanent: true, now: Situation.now, jitter: 0)
            #expect(
                failed.snapshot(now: Situation.now).discreetReason == "\(clause); started as soon as that has changed")
            let stopping = ServerLifecycle.stopping(
                LifeRecord(Situation.specification, now: .zero),
                StopSequence(aim: .recovery, verdict: cause, deadline: .seconds(5)))
            #expect(
                stopping.snapshot(now: .zero).reason
                    == "stopping, because it \(clause): input closed, asked to terminate in 5 s")
            #expect(Self.healthDetail(after: cause) == "the last time it \(clause), 10 s ago")
        }
    }

    @Test("a call that was lost is told of in one, with the server's last words after it")
    func calls() async throws {
        try await ServerUnderTest.with { test in
            for (cause, _, ofCall) in Self.table {
                let plain = await test.server.lostCall(ExitReport(cause: cause)).reason
                #expect(plain.hasPrefix("server \"scripted\" \(ofCall); the call is not repeated. It is "))
                let report = ExitReport(cause: cause, lastStandardErrorLine: "out of cheese")
                let quoting = await test.server.lostCall(report).reason
                #expect(
                    quoting.hasPrefix(
                        "server \"scripted\" \(ofCall); last stderr line: \"out of cheese\"; the call is not repeated.")
                )
            }
        }
    }

    /// Of a server that is ready for the fourth time, all three lives before having ended so.
    private static func healthDetail(after cause: ExitReport.Cause) -> String? {
        var machine = Situation.ready.machine()
        for life in 1...3 {
            _ = machine.ended(Generation(life), ExitReport(cause: cause), now: Situation.now, jitter: 0)
            if machine.phase == .backingOff {
                let timer = TimerToken(purpose: .backOff, generation: Generation(life))
                _ = machine.apply(.timerFired(timer), now: Situation.now)
            }
            _ = machine.apply(.handshakeCompleted(Generation(life + 1)), now: Situation.now)
        }
        return machine.snapshot(now: Situation.now + .seconds(10)).health.detail
    }
}
