import Testing

@testable import Supervision

/// The restart policy as a whole: a server that fails in some way over and over.
@Suite("Lifecycle: restarts")
struct LifecycleRestartTests {
    /// Lets a server fail so often, ready for `readyFor` each time (or never), and returns the waits between the end
    /// of a life and the launch of the next.
    private func waits(
        failures: Int, readyFor: Duration?, startTime: Duration = .zero, jitter: Double = 0,
        policy: RestartPolicy = RestartPolicy()
    ) -> [Duration] {
        var specification = Situation.specification
        specification.restart = policy
        var machine = ServerLifecycle(specification, now: .zero)
        var now = Duration.zero
        var waits: [Duration] = []
        _ = machine.start(now: now)
        for number in 1...failures {
            let life = Generation(number)
            now += startTime
            if let readyFor {
                _ = machine.handshakeCompleted(life, now: now)
                now += readyFor
            }
            switch machine.apply(.ended(life), now: now, jitter: jitter) {
            case .launch:
                waits.append(.zero)
            case .backOff(let alarm):
                waits.append(alarm.at - now)
                now = alarm.at
                _ = machine.timerFired(alarm.token, now: now)
            case let other:
                Issue.record("unexpected: \(other)")
            }
        }
        return waits
    }

    @Test("[148] a server that never starts is tried at doubling distances up to the limit, then rarely")
    func neverStarts() {
        let expected: [Double] = [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60, 300, 300, 300, 300]
        #expect(waits(failures: 14, readyFor: nil) == expected.map { .seconds($0) })
    }

    @Test("[148] a server that was ready for 10 s is back at once, until it has failed too often")
    func readyForTenSeconds() {
        let waits = waits(failures: 12, readyFor: .seconds(10))
        #expect(waits.prefix(10).allSatisfy { $0 == .zero })
        #expect(waits.suffix(2) == [.seconds(300), .seconds(300)])
    }

    @Test("[148] a server killed shortly after it became ready is back at once; the second time in a row it waits")
    func youngButReady() {
        #expect(waits(failures: 4, readyFor: .seconds(1)) == [.zero, .seconds(0.5), .seconds(1), .seconds(2)])
    }

    @Test("a young server that fails only now and then is back at once each time")
    func youngNowAndThen() {
        #expect(waits(failures: 4, readyFor: .seconds(1), startTime: .seconds(9)) == [.zero, .zero, .zero, .zero])
    }

    @Test("a life that was ready for a minute resets the series")
    func reset() {
        var backoff = Backoff()
        let policy = RestartPolicy()
        for second in 0..<5 {
            _ = backoff.next(afterReadyFor: nil, now: .seconds(second), jitter: 0, policy: policy)
        }
        _ = backoff.next(afterReadyFor: .seconds(59), now: .seconds(70), jitter: 0, policy: policy)
        #expect(backoff.waits == 5)
        _ = backoff.next(afterReadyFor: .seconds(60), now: .seconds(140), jitter: 0, policy: policy)
        #expect(backoff.waits == 0)
    }

    @Test("jitter spreads all waits but the first by a fifth, after the clamp")
    func jitter() {
        #expect(waits(failures: 9, readyFor: nil, jitter: 1).last == .seconds(72))
        #expect(waits(failures: 9, readyFor: nil, jitter: -1).last == .seconds(48))
        let policy = RestartPolicy(initial: .seconds(30))
        #expect(waits(failures: 2, readyFor: nil, jitter: 1, policy: policy) == [.seconds(30), .seconds(72)])
        #expect(waits(failures: 2, readyFor: nil, jitter: 17, policy: policy) == [.seconds(30), .seconds(72)])
    }

    @Test("odd policies do not break the arithmetic")
    func oddPolicies() {
        let none = RestartPolicy(initial: .zero, max: .zero, attempts: 5)
        #expect(waits(failures: 4, readyFor: nil, policy: none).allSatisfy { $0 == .zero })
        let inverted = RestartPolicy(initial: .seconds(100), max: .seconds(1))
        #expect(waits(failures: 3, readyFor: nil, policy: inverted).allSatisfy { $0 == .seconds(1) })
        let huge = RestartPolicy(initial: .seconds(1 << 40), max: .seconds(1 << 50), attempts: 1000)
        #expect(waits(failures: 100, readyFor: nil, policy: huge).last == .seconds(1 << 50))
        let noAttempts = RestartPolicy(attempts: 0)
        #expect(waits(failures: 2, readyFor: .seconds(20), policy: noAttempts) == [.seconds(300), .seconds(300)])
        let slow = RestartPolicy(initial: .seconds(900), max: .seconds(900), attempts: 0)
        #expect(waits(failures: 1, readyFor: nil, policy: slow) == [.seconds(900)])
    }

    @Test("an exhausted window recovers by a long life, not by waiting")
    func window() {
        let policy = RestartPolicy(window: .seconds(100), attempts: 2)
        var window = RestartWindow()
        for second in [0, 1, 2] { window.record(afterReadyFor: nil, now: .seconds(second), policy: policy) }
        #expect(window.isExhausted)
        window.record(afterReadyFor: .seconds(30), now: .seconds(1000), policy: policy)
        #expect(window.isExhausted)
        window.record(afterReadyFor: .seconds(60), now: .seconds(2000), policy: policy)
        #expect(!window.isExhausted)
    }

    @Test("failures older than the window do not count")
    func slidingWindow() {
        let policy = RestartPolicy(window: .seconds(100), attempts: 2)
        var window = RestartWindow()
        for second in [0, 50, 100, 150, 200] {
            window.record(afterReadyFor: nil, now: .seconds(second), policy: policy)
            #expect(!window.isExhausted)
        }
        window.record(afterReadyFor: nil, now: .seconds(210), policy: policy)
        #expect(window.isExhausted)
    }

    @Test("a start or restart by hand forgets all failures", arguments: [LifecycleEvent.stop, .restart])
    func forgiveness(request: LifecycleEvent) {
        var machine = Situation.backingOff.machine()
        #expect(machine.record.backoff.waits == 1)
        _ = machine.apply(request, now: Situation.now)
        _ = machine.start(now: Situation.now)
        let record = machine.record
        #expect(record.backoff == Backoff())
        #expect(record.window == RestartWindow())
        #expect(record.tally.deaths.count == 1)
        #expect(record.restarts == 0)
    }

    @Test("the tally keeps the last twenty ends")
    func tally() {
        var tally = DeathTally()
        for number in 1...25 {
            tally.record(
                DeathTally.Death(
                    generation: Generation(number), at: .seconds(number), readyFor: nil,
                    report: ExitReport(cause: .exited(status: 1)), wasAskedFor: false))
        }
        #expect(tally.deaths.map(\.generation.number) == Array(6...25))
    }
}
