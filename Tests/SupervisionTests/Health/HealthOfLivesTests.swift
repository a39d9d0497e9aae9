import Testing

@testable import Supervision

/// The health of servers that have lived through something.
@Suite("Health of lives")
struct HealthOfLivesTests {
    private func health(
        _ situation: Situation, then events: LifecycleEvent..., after: Duration = .zero
    ) -> HealthReport {
        var machine = situation.machine()
        for event in events { _ = machine.apply(event, now: Situation.now) }
        return machine.snapshot(now: Situation.now + after).health
    }

    @Test("each phase")
    func phases() {
        let expected: [(Situation, HealthReport.Level, summary: String)] = [
            (.disabled, .off, "switched off"), (.stopped, .off, "stopped on request"),
            (.starting, .degraded, "starting"), (.ready, .healthy, "ready"),
            (.backingOff, .unhealthy, "ends before it is ready"), (.inputClosed, .off, "stopping on request"),
            (.terminated, .off, "stopping on request"), (.killed, .off, "stopping on request"),
            (.failed, .unhealthy, "cannot be started"),
        ]
        #expect(expected.map(\.0) == Situation.allCases)
        for (situation, level, summary) in expected {
            let health = health(situation)
            #expect(health.level == level && health.summary == summary, "\(situation): \(health)")
        }
    }

    @Test("a crash, a broken connection, a restart on request")
    func ends() {
        let life = Situation.generation
        let crash = health(.ready, then: .ended(life), after: .seconds(2))
        #expect(crash.level == .degraded && crash.summary == "restarting after a crash")
        #expect(
            crash.detail
                == """
                exited with status 1, 2 s ago; started again, waiting for the MCP handshake, for another 18 s at most
                """)
        let broken = health(.ready, then: .connectionFailed(life))
        #expect(broken.level == .degraded && broken.summary == "restarting after its connection broke")
        let refused = health(.starting, then: .connectionFailed(life))
        #expect(refused.level == .unhealthy && refused.summary == "does not complete the MCP handshake")
        #expect(health(.ready, then: .restart).summary == "restarting on request")
    }

    @Test("a server that came back three times is remarkable, until the window has passed or somebody restarts it")
    func flapping() {
        var machine = Situation.ready.machine()
        for life in 1...3 {
            _ = machine.apply(.ended(Generation(life)), now: Situation.now)
            if machine.phase == .backingOff {
                let timer = TimerToken(purpose: .backOff, generation: Generation(life))
                _ = machine.apply(.timerFired(timer), now: Situation.now)
            }
            _ = machine.apply(.handshakeCompleted(Generation(life + 1)), now: Situation.now)
        }
        let soon = machine.snapshot(now: Situation.now + .seconds(10)).health
        #expect(soon.level == .degraded && soon.summary == "ready, but restarted 3 times in 10 min")
        #expect(soon.detail == "the last time it exited with status 1, 10 s ago")
        #expect(machine.snapshot(now: Situation.now + .seconds(600)).health.level == .healthy)
        _ = machine.apply(.restart, now: Situation.now)
        _ = machine.apply(.ended(Generation(4)), now: Situation.now)
        _ = machine.apply(.handshakeCompleted(Generation(5)), now: Situation.now)
        #expect(machine.snapshot(now: Situation.now).health.level == .healthy)
    }

    @Test("what a server wrote to stderr is in the reason for its operator, and nowhere in what others see")
    func discretion() {
        for situation in Situation.allCases {
            for isPermanent in [false, true] {
                for stop in [LifecycleEvent.start, .restart, .connectionFailed(Situation.generation)] {
                    var machine = situation.machine()
                    _ = machine.apply(stop, now: Situation.now)
                    let life = machine.record.generation
                    let report = ExitReport(cause: .exited(status: 1), lastStandardErrorLine: "PASSWORD=x")
                    _ = machine.ended(life, report, permanent: isPermanent, now: Situation.now, jitter: 0)
                    let snapshot = machine.snapshot(now: Situation.now)
                    let health = "\(snapshot.health)"
                    #expect(!health.contains("PASSWORD") && !snapshot.discreetReason.contains("PASSWORD"))
                }
            }
        }
        var machine = Situation.starting.machine()
        let report = ExitReport(cause: .exited(status: 1), lastStandardErrorLine: "PASSWORD=x")
        _ = machine.ended(Situation.generation, report, permanent: true, now: Situation.now, jitter: 0)
        #expect(
            machine.snapshot(now: Situation.now).reason
                == #"exited with status 1; last stderr line: "PASSWORD=x"; started as soon as that has changed"#)
    }

    @Test("the stop of a server elsewhere is told in its own words")
    func remoteStop() {
        var specification = Situation.specification
        specification.launch = .remote(RemoteEndpoint(url: "http://127.0.0.1:1/sse"))
        var machine = ServerLifecycle(specification, now: .zero)
        _ = machine.apply(.start, now: .zero)
        _ = machine.apply(.handshakeCompleted(Generation(1)), now: .zero)
        _ = machine.apply(.connectionFailed(Generation(1)), now: .zero)
        let snapshot = machine.snapshot(now: .seconds(1))
        #expect(
            snapshot.reason
                == "stopping, because it broke the connection: no MCP: session ended, connections closed in 4 s")
        #expect(snapshot.health.summary == "reconnecting")
    }
}
