@testable import Supervision

/// A model of the world around the machine: it carries out actions as `ManagedServer` and a server would, knows what
/// is legal, and throws at what is not. It is told only what the shell is told.
struct ReferenceShell {
    struct IllegalAction: Error {
        let what: String
    }

    /// What runs: a life, and how far its stop sequence went.
    struct Life {
        let generation: Generation
        var lastStep: StopStep?
        var isReady = false
    }

    private(set) var live: Life?
    private(set) var timer: Alarm?
    /// Timers that were replaced but may still fire.
    private(set) var lateTimers: [TimerToken] = []
    private(set) var launches = 0
    private(set) var ends = 0
    private(set) var automaticLaunches = 0
    private(set) var isWantedUp = false
    /// Whether the next launch was asked for.
    private var isLaunchAskedFor = false
    private let policy: RestartPolicy

    init(policy: RestartPolicy) {
        self.policy = policy
    }

    /// Notes what is about to be told to the machine.
    mutating func note(_ event: LifecycleEvent, isStopping: Bool) {
        switch event {
        case .start:
            // Down, or failed for good: nothing would lead to a launch without this.
            let isAtRest = live == nil && timer == nil
            isLaunchAskedFor = isLaunchAskedFor || !isWantedUp || isAtRest
            isWantedUp = true
        case .restart:
            isLaunchAskedFor = true
            isWantedUp = true
        case .stop:
            isLaunchAskedFor = false
            isWantedUp = false
        case .handshakeCompleted(let generation):
            if live?.generation == generation, !isStopping { live?.isReady = true }
        case .connectionFailed:
            break
        case .ended(let generation), .endedForGood(let generation):
            if live?.generation == generation { ends += 1 }
        case .timerFired(let token):
            if timer?.token == token { timer = nil }
        }
    }

    /// Carries out what the machine answered.
    mutating func carryOut(_ action: LifecycleAction, after event: LifecycleEvent, now: Duration) throws {
        let before = live
        if case .ended(let generation) = event, live?.generation == generation { live = nil }
        if case .endedForGood(let generation) = event, live?.generation == generation { live = nil }
        switch action {
        case .launch(let generation, let alarm):
            try require(live == nil, "two live generations")
            try require(isWantedUp, "a launch of what should be down")
            try require(generation.number == launches + 1, "generation \(generation) after \(launches)")
            let isAtOnce = event == .ended(before?.generation ?? Generation(0))
            try require(
                !isAtOnce || isLaunchAskedFor || before?.isReady == true, "no wait after a start that failed")
            if !isLaunchAskedFor { automaticLaunches += 1 }
            isLaunchAskedFor = false
            launches += 1
            live = Life(generation: generation)
            try arm(alarm, .startDeadline, generation, now: now)
        case .stopStep(let step, let generation, let alarm):
            try require(live?.generation == generation, "\(step) for a life that is over")
            try require(step == Self.next(after: live?.lastStep), "\(step) after \(live?.lastStep as Any)")
            live?.lastStep = step
            switch step {
            case .closeInput: try arm(alarm, .inputClosed, generation, now: now)
            case .terminate: try arm(alarm, .terminated, generation, now: now)
            case .kill:
                try require(alarm == nil, "a timer after the last step")
                replaceTimer(by: nil)
            }
        case .backOff(let alarm):
            try require(live == nil, "a wait while a life runs")
            try require(isWantedUp, "a wait for what should be down")
            try arm(alarm, .backOff, Generation(launches), now: now)
            let wait = alarm.at - now
            let longest = max(policy.max * (1 + Backoff.spread), policy.exhaustedInterval)
            try require(wait > .zero && wait <= longest, "a wait of \(wait)")
        case .clearTimer:
            replaceTimer(by: nil)
        case .ignore:
            try require(before == nil || live != nil, "the end of a life went unheard")
        }
    }

    private mutating func arm(
        _ alarm: Alarm?, _ purpose: TimerToken.Purpose, _ generation: Generation, now: Duration
    ) throws {
        guard let alarm else { throw IllegalAction(what: "no timer for \(purpose)") }
        try require(alarm.token == TimerToken(purpose: purpose, generation: generation), "\(alarm) for \(purpose)")
        try require(alarm.at >= now, "a timer in the past")
        try require(timer?.token != alarm.token, "the same timer twice")
        replaceTimer(by: alarm)
    }

    private mutating func replaceTimer(by alarm: Alarm?) {
        if let timer { lateTimers = lateTimers.suffix(7) + [timer.token] }
        timer = alarm
    }

    private static func next(after step: StopStep?) -> StopStep? {
        switch step {
        case nil: .closeInput
        case .closeInput: .terminate
        case .terminate: .kill
        case .kill: nil
        }
    }

    private func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
        if !condition { throw IllegalAction(what: what()) }
    }

    /// Checks that what the machine says of itself agrees with what happened.
    func compare(_ snapshot: ServerSnapshot, record: LifeRecord) throws {
        try require(snapshot.isWantedUp == isWantedUp, "wanted up: \(snapshot.isWantedUp)")
        try require(snapshot.generation == launches, "generation \(snapshot.generation) of \(launches)")
        try require(snapshot.restarts == automaticLaunches, "\(snapshot.restarts) restarts of \(automaticLaunches)")
        try require(launches - ends == (live == nil ? 0 : 1), "\(launches) launches, \(ends) ends")
        try require(record.tally.deaths.count == min(ends, DeathTally.capacity), "the tally misses an end")
        switch snapshot.phase {
        case .disabled: throw IllegalAction(what: "disabled")
        case .stopped, .failed: try require(live == nil && timer == nil, "at rest with something under way")
        case .starting: try require(live != nil && timer?.token.purpose == .startDeadline, "a start without a limit")
        case .ready: try require(live?.isReady == true && timer == nil, "ready")
        case .backingOff: try require(live == nil && timer?.token.purpose == .backOff, "a wait without an end")
        case .stopping:
            try require(live?.lastStep != nil, "stopping nothing")
            try require((timer == nil) == (live?.lastStep == .kill), "a stop without an end")
        }
    }
}
