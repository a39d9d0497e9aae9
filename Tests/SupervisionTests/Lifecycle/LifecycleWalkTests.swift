import FuzzSupport
import Testing

@testable import Supervision

/// Random events against a model that knows what is legal.
@Suite("Lifecycle walk")
struct LifecycleWalkTests {
    @Test("[148] 200 000 random events never lead to an illegal action, and a stop always ends in stopped")
    func fuzzEvents() throws {
        var visited: Set<Visit> = []
        for number in 0..<UInt64(Fuzzing.rounds(40)) {
            let seed = (Fuzzing.seed ?? 0) &+ number
            var walk = Walk(seed: seed)
            for step in 1...5000 {
                do {
                    try walk.step()
                    if step.isMultiple(of: 500) { try walk.stopToTheEnd() }
                } catch let illegal as ReferenceShell.IllegalAction {
                    Issue.record("seed \(seed), step \(step): \(illegal.what), after \(walk.lastEvents)")
                    return
                }
            }
            visited.formUnion(walk.visited)
        }
        let phases = ServerSnapshot.Phase.allCases.filter { $0 != .disabled }
        let missing = phases.flatMap { phase in
            LifecycleEvent.Kind.allCases.map { Visit(phase: phase, event: $0) }.filter { !visited.contains($0) }
        }
        #expect(missing.isEmpty)
    }
}

private struct Visit: Hashable {
    let phase: ServerSnapshot.Phase
    let event: LifecycleEvent.Kind
}

private struct Walk: ~Copyable {
    private var machine: ServerLifecycle
    private var shell: ReferenceShell
    private var random: SeededGenerator
    private var now = Duration.zero
    private(set) var visited: Set<Visit> = []
    private(set) var lastEvents: [LifecycleEvent] = []

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        var specification = Situation.specification
        specification.restart = RestartPolicy(
            initial: .milliseconds(.random(in: 1...2000, using: &random)),
            max: .seconds(.random(in: 2...60, using: &random)),
            window: .seconds(.random(in: 60...1200, using: &random)),
            attempts: .random(in: 0...10, using: &random))
        machine = ServerLifecycle(specification, now: .zero)
        shell = ReferenceShell(policy: specification.restart)
    }

    /// Lets something happen that can happen now.
    mutating func step() throws {
        now += .milliseconds(.random(in: 0...(Bool.random(using: &random) ? 100 : 20_000), using: &random))
        try apply(randomEvent())
    }

    /// Stops a server that goes only when it is killed, or a little earlier.
    mutating func stopToTheEnd() throws {
        try apply(.stop)
        let lastStep = StopStep.allCases.randomElement(using: &random)
        for _ in 0..<4 where machine.phase != .stopped {
            if let live = shell.live, live.lastStep == lastStep || shell.timer == nil {
                try apply(.ended(live.generation))
            } else if let timer = shell.timer {
                now = max(now, timer.at)
                try apply(.timerFired(timer.token))
            }
        }
        guard machine.phase == .stopped else { throw ReferenceShell.IllegalAction(what: "a stop that does not end") }
    }

    private mutating func apply(_ event: LifecycleEvent) throws {
        visited.insert(Visit(phase: machine.phase, event: event.kind))
        lastEvents = lastEvents.suffix(9) + [event]
        shell.note(event, isStopping: machine.phase == .stopping)
        let action = machine.apply(event, now: now, jitter: .random(in: -1...1, using: &random))
        try shell.carryOut(action, after: event, now: now)
        try shell.compare(machine.snapshot(now: now), record: machine.record)
    }

    private mutating func randomEvent() -> LifecycleEvent {
        // The world ends a life once. News of dead lives may be late, but their end has been told.
        let live = shell.live?.generation
        let past = Generation(.random(in: 0...shell.launches, using: &random))
        let some = Bool.random(using: &random) ? live ?? past : past
        switch Int.random(in: 0..<100, using: &random) {
        case ..<4: return .start
        case ..<6: return .stop
        case ..<8: return .restart
        case ..<35: return .handshakeCompleted(some)
        case ..<40: return .connectionFailed(some)
        case ..<55: return .ended(live ?? past)
        case ..<56: return .endedForGood(live ?? past)
        case ..<70:
            guard let late = shell.lateTimers.randomElement(using: &random) else { return .start }
            return .timerFired(late)
        default:
            guard let timer = shell.timer else { return .handshakeCompleted(live ?? past) }
            now = max(now, timer.at)
            return .timerFired(timer.token)
        }
    }
}
