import FuzzSupport
import JSONRPC
import Testing

@testable import Supervision

/// Random traffic beside a shell that looks when it should, against what must be true of any ping and any verdict.
@Suite("Idle probe walk")
struct IdleProbeWalkTests {
    @Test("200 000 random events: every ping and every verdict is due, none comes late, and the shell never spins")
    func fuzzEvents() {
        var found = Walk.Tally()
        for number in 0..<UInt64(Fuzzing.rounds(40)) {
            let seed = (Fuzzing.seed ?? 0) &+ number
            var walk = Walk(seed: seed)
            for step in 1...5000 {
                if let wrong = walk.step() {
                    Issue.record("seed \(seed), step \(step): \(wrong), after \(walk.lastEvents)")
                    return
                }
            }
            found.add(walk.tally)
        }
        #expect(found.pings > 0 && found.deaths > 0 && found.silences > 0 && found.mute > 0)
    }
}

private struct Walk {
    struct Tally {
        var pings = 0
        var deaths = 0
        var silences = 0
        var mute = 0

        mutating func add(_ other: Tally) {
            pings += other.pings
            deaths += other.deaths
            silences += other.silences
            mute += other.mute
        }
    }

    private let policy: ProbePolicy
    private var probe: IdleProbe
    private var random: SeededGenerator
    private var now = Duration.zero
    private(set) var tally = Tally()
    private(set) var lastEvents: [String] = []

    // What the shell and the server know, kept apart from the machine.
    private let knowsPings: Bool
    private var isReady = false
    private var calls = 0
    private var lastHeard = Duration.zero
    private var lastTraffic = Duration.zero
    private var firstCall = Duration.zero
    private var lastID = 0
    private var ping: (id: Int, sent: Duration)?
    private var answers = 0
    private var nextLook: Duration?

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        policy = ProbePolicy(
            interval: .milliseconds(.random(in: 1...5000, using: &random)),
            timeout: .milliseconds(.random(in: 1...5000, using: &random)))
        knowsPings = !random.chance(3)
        probe = IdleProbe(policy)
    }

    /// Lets something happen, and returns what is wrong then.
    mutating func step() -> String? {
        let pause = Duration.milliseconds(.random(in: 0...(random.chance(4) ? 6000 : 200), using: &random))
        // Time passes no planned look.
        if let look = nextLook, now + pause >= look {
            now = look
            return takeLook()
        }
        now += pause
        switch Int.random(in: 0..<100, using: &random) {
        case ..<8: change()
        case ..<40: call()
        case ..<60: endCall(isAnswered: random.chance(2))
        case ..<70: hear("message")
        case ..<80: answerPing()
        case ..<83: losePing()
        default: return takeLook()
        }
        return nil
    }

    private mutating func note(_ event: String) {
        lastEvents = lastEvents.suffix(11) + ["\(now) \(event)"]
    }

    private mutating func change() {
        note(isReady ? "end" : "begin")
        isReady.toggle()
        (calls, ping) = (0, nil)
        guard isReady else {
            probe.end()
            return nextLook = nil
        }
        probe.begin(now: now)
        (lastHeard, lastTraffic, firstCall) = (now, now, now)
        plan()
    }

    private mutating func call() {
        guard isReady, calls < 3 else { return }
        note("call")
        probe.told(isFirstCall: calls == 0, now: now)
        lastTraffic = now
        if calls == 0 { firstCall = now }
        calls += 1
    }

    private mutating func endCall(isAnswered: Bool) {
        guard calls > 0 else { return }
        calls -= 1
        if isAnswered { return hear("answer") }
        note("cancel")
        probe.told(now: now)
        lastTraffic = now
    }

    private mutating func hear(_ what: String) {
        guard isReady else { return }
        note(what)
        probe.heard(now: now)
        (lastHeard, lastTraffic) = (now, now)
    }

    private mutating func answerPing() {
        guard isReady, knowsPings, let ping else { return }
        hear("pong \(ping.id)")
        if probe.take(answerTo: RequestID(ping.id)) { answers += 1 }
        self.ping = nil
    }

    private mutating func losePing() {
        guard isReady, let ping else { return }
        note("lost \(ping.id)")
        probe.lost(RequestID(ping.id), now: now)
        (lastTraffic, self.ping) = (now, nil)
    }

    private mutating func plan() {
        nextLook = probe.nextLook(isBusy: calls > 0, now: now)
    }

    private mutating func takeLook() -> String? {
        let finding = probe.look(isBusy: calls > 0, now: now)
        note("look \(finding)")
        let isUnanswered = ping.map { lastHeard < $0.sent } ?? false
        let isOverdue = isUnanswered && ping.map { now - $0.sent >= policy.timeout } ?? false
        let isIdle = isReady && calls == 0 && now - lastTraffic >= policy.interval
        switch finding {
        case .nothing:
            if isOverdue { return "a dead server is not found" }
            if isIdle, !isUnanswered, !probe.isMute { return "an idle server is not asked" }
        case .pingDue:
            guard isIdle, !isUnanswered else { return "a ping that is not due" }
            lastID += 1
            ping = (lastID, now)
            probe.asked(RequestID(lastID), now: now)
            tally.pings += 1
        case .silence(let silence):
            guard calls > 0, silence == now - max(lastHeard, firstCall), silence >= policy.interval else {
                return "no such silence"
            }
            tally.silences += 1
        case .death:
            guard isOverdue else { return "a verdict that is not due" }
            tally.deaths += 1
            (isReady, calls, ping) = (false, 0, nil)
        case .muteness:
            guard isOverdue, answers == 0 else { return "a server is taken for mute that is not" }
            ping = nil
            tally.mute += 1
        }
        plan()
        guard isReady else { return nextLook == nil ? nil : "a look at a server that is not ready" }
        guard let nextLook, nextLook > now else { return "the shell spins" }
        return nextLook - now <= policy.interval ? nil : "the next look is too late"
    }
}
