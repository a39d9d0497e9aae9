@testable import Supervision

/// An event as a value, so that tables and walks can hold it.
enum LifecycleEvent: Hashable, Sendable {
    case start
    case stop
    case restart
    case handshakeCompleted(Generation)
    case connectionFailed(Generation)
    case ended(Generation)
    case endedForGood(Generation)
    case timerFired(TimerToken)

    /// The event without its details.
    enum Kind: Hashable, CaseIterable {
        case start
        case stop
        case restart
        case handshakeCompleted
        case connectionFailed
        case ended
        case endedForGood
        case timerFired
    }

    var kind: Kind {
        switch self {
        case .start: .start
        case .stop: .stop
        case .restart: .restart
        case .handshakeCompleted: .handshakeCompleted
        case .connectionFailed: .connectionFailed
        case .ended: .ended
        case .endedForGood: .endedForGood
        case .timerFired: .timerFired
        }
    }

    /// Every event there can be for a life.
    static func all(of generation: Generation) -> [LifecycleEvent] {
        [
            .start, .stop, .restart, .handshakeCompleted(generation), .connectionFailed(generation),
            .ended(generation), .endedForGood(generation),
        ]
            + TimerToken.Purpose.allCases.map {
                .timerFired(TimerToken(purpose: $0, generation: generation))
            }
    }

    /// Every event that carries a generation.
    static func news(of generation: Generation) -> [LifecycleEvent] {
        all(of: generation).filter { ![.start, .stop, .restart].contains($0.kind) }
    }
}

extension ServerLifecycle {
    /// Lets an event happen.
    mutating func apply(_ event: LifecycleEvent, now: Duration, jitter: Double = 0) -> LifecycleAction {
        switch event {
        case .start: start(now: now)
        case .stop: stop(now: now)
        case .restart: restart(now: now)
        case .handshakeCompleted(let generation): handshakeCompleted(generation, now: now)
        case .connectionFailed(let generation): connectionFailed(generation, reason: "no MCP", now: now)
        case .ended(let generation):
            ended(generation, ExitReport(cause: .exited(status: 1)), now: now, jitter: jitter)
        case .endedForGood(let generation):
            ended(
                generation, ExitReport(cause: .notStarted(reason: "nothing there")), permanent: true, now: now,
                jitter: jitter)
        case .timerFired(let token): timerFired(token, now: now)
        }
    }
}

/// A phase, with the particulars that decide what an event does, and the way there.
enum Situation: CaseIterable {
    case disabled
    case stopped
    case starting
    case ready
    case backingOff
    case inputClosed
    case terminated
    case killed
    case failed

    static let specification = ServerSpecification(
        name: "time", launch: .process(ProcessCommand(command: "mcp-server-time")),
        startTimeout: .seconds(20), stopTimeout: .seconds(5))

    /// The life that a machine made by `machine()` is in, or was in last.
    static let generation = Generation(1)

    /// When a machine made by `machine()` came into its situation.
    static let now = Duration.seconds(100)

    /// A machine in this situation.
    func machine() -> ServerLifecycle {
        var specification = Self.specification
        if self == .disabled { specification.launch = .disabled }
        var machine = ServerLifecycle(specification, now: .zero)
        for event in way { _ = machine.apply(event, now: Self.now) }
        return machine
    }

    /// The phase that a machine in this situation shows.
    var phase: ServerSnapshot.Phase {
        switch self {
        case .disabled: .disabled
        case .stopped: .stopped
        case .starting: .starting
        case .ready: .ready
        case .backingOff: .backingOff
        case .inputClosed: .stopping
        case .terminated: .stopping
        case .killed: .stopping
        case .failed: .failed
        }
    }

    private var way: [LifecycleEvent] {
        let life = Self.generation
        let inputClosed = TimerToken(purpose: .inputClosed, generation: life)
        let terminated = TimerToken(purpose: .terminated, generation: life)
        return switch self {
        case .disabled: []
        case .stopped: [.start, .stop, .ended(life)]
        case .starting: [.start]
        case .ready: [.start, .handshakeCompleted(life)]
        case .backingOff: [.start, .ended(life)]
        case .inputClosed: [.start, .handshakeCompleted(life), .stop]
        case .terminated: [.start, .handshakeCompleted(life), .stop, .timerFired(inputClosed)]
        case .killed:
            [.start, .handshakeCompleted(life), .stop, .timerFired(inputClosed), .timerFired(terminated)]
        case .failed: [.start, .endedForGood(life)]
        }
    }
}
