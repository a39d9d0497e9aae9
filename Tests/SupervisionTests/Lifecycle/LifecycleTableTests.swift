import Testing

@testable import Supervision

/// The whole matrix: what every event does in every situation. A pair that no row names must do nothing.
@Suite("Lifecycle table")
struct LifecycleTableTests {
    struct Row {
        let situation: Situation
        let event: LifecycleEvent
        let phase: ServerSnapshot.Phase
        let action: LifecycleAction

        init(
            _ situation: Situation, _ event: LifecycleEvent, _ phase: ServerSnapshot.Phase, _ action: LifecycleAction
        ) {
            self.situation = situation
            self.event = event
            self.phase = phase
            self.action = action
        }
    }

    private static let life = Situation.generation
    /// When the event of a row happens: one second after its situation came about.
    private static let now = Situation.now + .seconds(1)

    private static let launchNext = LifecycleAction.launch(
        life.next, Alarm(token: TimerToken(purpose: .startDeadline, generation: life.next), at: now + .seconds(20)))
    private static let closeInput = LifecycleAction.stopStep(.closeInput, life, alarm(.inputClosed, in: 5))
    private static let terminate = LifecycleAction.stopStep(.terminate, life, alarm(.terminated, in: 5))
    private static let kill = LifecycleAction.stopStep(.kill, life, nil)

    private static func alarm(_ purpose: TimerToken.Purpose, in seconds: Double) -> Alarm {
        Alarm(token: TimerToken(purpose: purpose, generation: life), at: now + .seconds(seconds))
    }

    private static func fired(_ purpose: TimerToken.Purpose) -> LifecycleEvent {
        .timerFired(TimerToken(purpose: purpose, generation: life))
    }

    private static let rows: [Row] = [
        Row(.stopped, .start, .starting, launchNext),
        Row(.stopped, .restart, .starting, launchNext),

        Row(.starting, .stop, .stopping, closeInput),
        Row(.starting, .restart, .stopping, closeInput),
        Row(.starting, .handshakeCompleted(life), .ready, .clearTimer),
        Row(.starting, .connectionFailed(life), .stopping, closeInput),
        Row(.starting, fired(.startDeadline), .stopping, closeInput),
        Row(.starting, .ended(life), .backingOff, .backOff(alarm(.backOff, in: 0.5))),
        Row(.starting, .endedForGood(life), .failed, .clearTimer),

        Row(.ready, .stop, .stopping, closeInput),
        Row(.ready, .restart, .stopping, closeInput),
        Row(.ready, .connectionFailed(life), .stopping, closeInput),
        Row(.ready, .ended(life), .starting, launchNext),
        Row(.ready, .endedForGood(life), .failed, .clearTimer),

        Row(.backingOff, .stop, .stopped, .clearTimer),
        Row(.backingOff, .restart, .starting, launchNext),
        Row(.backingOff, fired(.backOff), .starting, launchNext),

        Row(.inputClosed, fired(.inputClosed), .stopping, terminate),
        Row(.inputClosed, .ended(life), .stopped, .clearTimer),
        Row(.inputClosed, .endedForGood(life), .stopped, .clearTimer),

        Row(.terminated, fired(.terminated), .stopping, kill),
        Row(.terminated, .ended(life), .stopped, .clearTimer),
        Row(.terminated, .endedForGood(life), .stopped, .clearTimer),

        Row(.killed, .ended(life), .stopped, .clearTimer),
        Row(.killed, .endedForGood(life), .stopped, .clearTimer),

        Row(.failed, .start, .starting, launchNext),
        Row(.failed, .stop, .stopped, .clearTimer),
        Row(.failed, .restart, .starting, launchNext),
    ]

    @Test("every event does in every situation what the table says, and nothing where it says nothing")
    func table() {
        var visited: Set<String> = []
        for situation in Situation.allCases {
            for event in LifecycleEvent.all(of: Self.life) {
                let row = Self.rows.first { $0.situation == situation && $0.event == event }
                var machine = situation.machine()
                let before = machine.record
                let action = machine.apply(event, now: Self.now)
                let (phase, after) = (machine.phase, machine.record)
                #expect(action == row?.action ?? .ignore, "\(situation), \(event)")
                #expect(phase == row?.phase ?? situation.phase, "\(situation), \(event)")
                if row == nil { #expect(after == before, "\(situation), \(event)") }
                visited.insert("\(situation.phase) \(event.kind)")
            }
        }
        #expect(visited.count == ServerSnapshot.Phase.allCases.count * LifecycleEvent.Kind.allCases.count)
    }

    @Test("every situation of the table is the one it is named after")
    func situations() {
        for situation in Situation.allCases {
            let phase = situation.machine().phase
            #expect(phase == situation.phase)
        }
    }

    @Test("news and timers of another life change nothing, in any phase")
    func stale() {
        for situation in Situation.allCases {
            for other in [Generation(0), Self.life.next] {
                for event in LifecycleEvent.news(of: other) {
                    var machine = situation.machine()
                    let before = machine.snapshot(now: Self.now)
                    let action = machine.apply(event, now: Self.now)
                    let after = machine.snapshot(now: Self.now)
                    #expect(action == .ignore, "\(situation), \(event)")
                    #expect(after == before, "\(situation), \(event)")
                }
            }
        }
    }

    @Test("what the specification says decides the first phase, and no event leads out of disabled")
    func initialPhases() {
        var specification = Situation.specification
        let stopped = ServerLifecycle(specification, now: .zero).phase
        #expect(stopped == .stopped)

        specification.launch = .disabled
        let disabled = ServerLifecycle(specification, now: .zero).phase
        #expect(disabled == .disabled)

        specification.launch = .unavailable(reason: "needs a url")
        var machine = ServerLifecycle(specification, now: .zero)
        for event in [LifecycleEvent.start, .restart, .stop, .start, .restart] {
            let action = machine.apply(event, now: .seconds(1))
            let phase = machine.phase
            #expect(action == .clearTimer)
            #expect(phase == (event == .stop ? .stopped : .failed))
        }
        let reason = machine.snapshot(now: .seconds(1)).reason
        #expect(reason == "needs a url; correct it and reload the gateway")
    }
}
