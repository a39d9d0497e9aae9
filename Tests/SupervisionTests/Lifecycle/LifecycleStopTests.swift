import Testing

@testable import Supervision

/// What is wanted may change while a server is on its way down.
@Suite("Lifecycle: stopping")
struct LifecycleStopTests {
    private static let life = Situation.generation
    private static let now = Situation.now

    /// Lets events happen to a machine in a situation, then the end of the life; returns the phase after it.
    private func phaseAfterEnd(
        from situation: Situation, _ events: LifecycleEvent..., end: LifecycleEvent = .ended(Self.life)
    ) -> (phase: ServerSnapshot.Phase, record: LifeRecord) {
        var machine = situation.machine()
        for event in events { _ = machine.apply(event, now: Self.now) }
        _ = machine.apply(end, now: Self.now)
        return (machine.phase, machine.record)
    }

    @Test("a server that dies during stop is not restarted")
    func diesDuringStop() {
        #expect(phaseAfterEnd(from: .ready, .stop).phase == .stopped)
        #expect(phaseAfterEnd(from: .starting, .stop).phase == .stopped)
    }

    @Test("a restart ends in a new life, at once and without counting as a failure")
    func restart() {
        for situation in [Situation.starting, .ready] {
            let (phase, record) = phaseAfterEnd(from: situation, .restart)
            #expect(phase == .starting)
            #expect(record.generation == Self.life.next)
            #expect(record.restarts == 0)
            #expect(record.tally.deaths.map(\.wasAskedFor) == [true])
            #expect(record.lastFailure == nil)
        }
    }

    @Test("a stop during a restart wins, and so does a start or restart during a stop")
    func changesOfMind() {
        #expect(phaseAfterEnd(from: .ready, .restart, .stop).phase == .stopped)
        #expect(phaseAfterEnd(from: .ready, .stop, .start).phase == .starting)
        #expect(phaseAfterEnd(from: .ready, .stop, .restart).phase == .starting)
        #expect(phaseAfterEnd(from: .ready, .stop, .start, .stop).phase == .stopped)
        #expect(phaseAfterEnd(from: .ready, .restart, .start).phase == .starting)
    }

    @Test("a start that failed its handshake is stopped, and then counts as a failure with that cause")
    func handshakeFailure() {
        let (phase, record) = phaseAfterEnd(from: .starting, .connectionFailed(Self.life))
        #expect(phase == .backingOff)
        #expect(record.tally.deaths.map(\.report.cause) == [.handshakeFailed(reason: "no MCP")])
        #expect(record.tally.deaths.map(\.wasAskedFor) == [false])
        #expect(record.backoff.waits == 1)
    }

    @Test("a start that is too slow is a failed handshake that names the limit")
    func startDeadline() {
        let deadline = TimerToken(purpose: .startDeadline, generation: Self.life)
        let (phase, record) = phaseAfterEnd(from: .starting, .timerFired(deadline))
        #expect(phase == .backingOff)
        #expect(
            record.tally.deaths.map(\.report.cause)
                == [.handshakeFailed(reason: "no answer to initialize within 20 s")])
    }

    @Test("after a failed handshake, a stop still ends in stopped and a restart in a new life")
    func requestsDuringRecovery() {
        #expect(phaseAfterEnd(from: .starting, .connectionFailed(Self.life), .stop).phase == .stopped)
        let (phase, record) = phaseAfterEnd(from: .starting, .connectionFailed(Self.life), .restart)
        #expect(phase == .starting)
        #expect(record.backoff.waits == 0)
        // A start changes nothing: it is wanted up already, and the restart policy decides when.
        #expect(phaseAfterEnd(from: .starting, .connectionFailed(Self.life), .start).phase == .backingOff)
    }

    @Test("a restart cannot bring back what cannot be run; it waits for a changed configuration")
    func permanentDuringRestart() {
        #expect(phaseAfterEnd(from: .starting, .restart, end: .endedForGood(Self.life)).phase == .failed)
        #expect(phaseAfterEnd(from: .starting, .stop, end: .endedForGood(Self.life)).phase == .stopped)
    }

    @Test("the last words of a life are kept, even where its cause is ours")
    func lastWords() {
        var machine = Situation.starting.machine()
        _ = machine.connectionFailed(Self.life, reason: "bad version", now: Self.now)
        let report = ExitReport(cause: .signalled(15), lastStandardErrorLine: "Traceback")
        _ = machine.ended(Self.life, report, now: Self.now, jitter: 0)
        let last = machine.record.tally.deaths.last?.report
        #expect(
            last == ExitReport(cause: .handshakeFailed(reason: "bad version"), lastStandardErrorLine: "Traceback"))
    }

    @Test("a server that ignores everything is killed after two stop timeouts")
    func stubborn() {
        var machine = Situation.ready.machine()
        var now = Self.now
        var steps: [StopStep] = []
        var action = machine.stop(now: now)
        while case .stopStep(let step, _, let alarm) = action {
            steps.append(step)
            guard let alarm else { break }
            now = alarm.at
            action = machine.timerFired(alarm.token, now: now)
        }
        #expect(steps == StopStep.allCases)
        #expect(now - Self.now == .seconds(10))
        _ = machine.ended(Self.life, ExitReport(cause: .signalled(9)), now: now, jitter: 0)
        let phase = machine.phase
        #expect(phase == .stopped)
    }
}
