import Testing

@testable import Supervision

@Suite("Lifecycle snapshots")
struct LifecycleSnapshotTests {
    private func snapshot(
        _ situation: Situation, then events: LifecycleEvent..., after: Duration = .zero
    ) -> ServerSnapshot {
        var machine = situation.machine()
        for event in events { _ = machine.apply(event, now: Situation.now) }
        return machine.snapshot(now: Situation.now + after)
    }

    @Test("each phase says what it is, in our words and in those of systemd, and whether the server is wanted up")
    func words() {
        let expected: [(Situation, String, ServerSnapshot.ActiveState, isReady: Bool, isWantedUp: Bool)] = [
            (.disabled, "disabled", .inactive, false, false),
            (.stopped, "stopped", .inactive, false, false),
            (.starting, "starting", .activating, false, true),
            (.ready, "ready", .active, true, true),
            (.backingOff, "backing-off", .activating, false, true),
            (.inputClosed, "stopping", .deactivating, false, false),
            (.failed, "failed", .failed, false, true),
        ]
        for (situation, phase, activeState, isReady, isWantedUp) in expected {
            let snapshot = snapshot(situation)
            #expect(snapshot.phase.rawValue == phase)
            #expect(snapshot.activeState == activeState, "\(situation)")
            #expect(snapshot.isReady == isReady, "\(situation)")
            #expect(snapshot.isWantedUp == isWantedUp, "\(situation)")
            #expect(snapshot.name == "time")
            #expect(snapshot.since == (situation == .disabled ? .zero : Situation.now), "\(situation)")
        }
        #expect(snapshot(.ready, then: .restart).isWantedUp)
    }

    @Test("the reason says what happened and what will happen")
    func reasons() {
        let life = Situation.generation
        #expect(snapshot(.disabled).reason == "switched off in the configuration")
        #expect(ServerLifecycle(Situation.specification, now: .zero).snapshot(now: .zero).reason == "not started yet")
        #expect(snapshot(.stopped).reason == "stopped on request")
        #expect(
            snapshot(.starting, after: .seconds(3)).reason
                == "waiting for the MCP handshake, for another 17 s at most")
        #expect(snapshot(.ready, after: .seconds(7500)).reason == "ready for 2 h 5 min")
        #expect(
            snapshot(.ready, then: .ended(life), after: .seconds(2)).reason
                == """
                exited with status 1, 2 s ago; started again, waiting for the MCP handshake, for another 18 s at most
                """)
        #expect(
            snapshot(.backingOff, after: .milliseconds(100)).reason
                == "exited with status 1, 100 ms ago; next start in 400 ms")
        #expect(snapshot(.failed).reason == "could not be started: nothing there; started as soon as that has changed")
    }

    @Test("the reason of a stop says why, and which step comes next")
    func stopReasons() {
        let life = Situation.generation
        let second = Duration.seconds(1)
        #expect(
            snapshot(.inputClosed, after: second).reason
                == "stopping on request: input closed, asked to terminate in 4 s")
        #expect(
            snapshot(.terminated, after: second).reason == "stopping on request: asked to terminate, killed in 4 s")
        #expect(snapshot(.killed).reason == "stopping on request: killed, not gone yet")
        #expect(
            snapshot(.ready, then: .restart).reason
                == "stopping for a restart: input closed, asked to terminate in 5 s")
        #expect(
            snapshot(.starting, then: .connectionFailed(life)).reason
                == """
                stopping, because it did not complete the MCP handshake: no MCP: input closed, asked to terminate in 5 s
                """)
    }

    @Test("a wait names the last stderr line and the next attempt")
    func waiting() {
        var machine = Situation.starting.machine()
        let report = ExitReport(cause: .exited(status: 1), lastStandardErrorLine: "ModuleNotFoundError: \u{1B}[1mmcp")
        _ = machine.ended(Situation.generation, report, now: Situation.now, jitter: 0)
        let snapshot = machine.snapshot(now: Situation.now + .milliseconds(200))
        #expect(
            snapshot.reason
                == """
                exited with status 1, 200 ms ago; last stderr line: "ModuleNotFoundError:  [1mmcp"; \
                next start in 300 ms
                """)
        #expect(snapshot.nextAttemptIn == .milliseconds(300))
        #expect(snapshot.lastExit == report)
        let late = machine.snapshot(now: Situation.now + .seconds(9))
        #expect(late.nextAttemptIn == .zero)
    }

    @Test("a server that failed too often says how rarely it is tried")
    func exhausted() {
        var specification = Situation.specification
        specification.restart.attempts = 0
        var machine = ServerLifecycle(specification, now: .zero)
        _ = machine.start(now: .zero)
        _ = machine.apply(.ended(Generation(1)), now: .zero)
        let reason = machine.snapshot(now: .seconds(60)).reason
        #expect(
            reason
                == "exited with status 1, 1 min ago; next start in 4 min (failed too often; only one try every 5 min)")
    }

    @Test("a long line of the server is cut in the reason, and kept whole in the report")
    func longLine() {
        var machine = Situation.starting.machine()
        let line = String(repeating: "x", count: 8192)
        let report = ExitReport(cause: .exited(status: 1), lastStandardErrorLine: line)
        _ = machine.ended(Situation.generation, report, now: Situation.now, jitter: 0)
        let snapshot = machine.snapshot(now: Situation.now)
        #expect(snapshot.reason.count < 500)
        #expect(snapshot.reason.contains("xxx…\""))
        #expect(snapshot.lastExit?.lastStandardErrorLine == line)
    }

    @Test("restarts counts the starts nobody asked for, generation all of them")
    func counts() {
        var machine = Situation.ready.machine()
        _ = machine.apply(.ended(Generation(1)), now: Situation.now)
        _ = machine.apply(.handshakeCompleted(Generation(2)), now: Situation.now)
        _ = machine.apply(.restart, now: Situation.now)
        _ = machine.apply(.ended(Generation(2)), now: Situation.now)
        let snapshot = machine.snapshot(now: Situation.now)
        #expect(snapshot.generation == 3)
        #expect(snapshot.restarts == 1)
    }

    @Test(
        "durations are said in at most two units",
        arguments: [
            (Duration.zero, "0 s"), (.microseconds(10), "0 s"), (.seconds(-5), "0 s"), (.milliseconds(250), "250 ms"),
            (.milliseconds(1999), "1 s"), (.seconds(59), "59 s"), (.seconds(60), "1 min"), (.seconds(61), "1 min 1 s"),
            (.seconds(3600), "1 h"), (.seconds(7500), "2 h 5 min"), (.seconds(86_400), "1 d"),
            (.seconds(100_000), "1 d 3 h"),
        ])
    func spoken(duration: Duration, words: String) {
        #expect(duration.spoken == words)
    }
}
