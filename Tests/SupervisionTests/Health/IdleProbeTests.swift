import JSONRPC
import Testing

@testable import Supervision

/// What a look finds, at which time, after which events. Asked after 10 s of silence; 4 s for an answer.
@Suite("Idle probe")
struct IdleProbeTests {
    enum Event: Sendable {
        case begin
        case end
        case heard
        case told
        case firstCall
        /// A look finds that a ping is due, and it is sent with this id.
        case asked(Int)
        case answered(Int)
        case lost(Int)
        case look(isBusy: Bool)
        /// A call is given up that was made so many seconds before.
        case gaveUp(after: Int, isSuspect: Bool)
    }

    private static let policy = ProbePolicy(interval: .seconds(10), timeout: .seconds(4))

    /// Lets each event happen at its second, and returns what the looks have found, the last look's next time too.
    private func findings(
        _ events: [(second: Int, event: Event)], policy: ProbePolicy = policy
    ) -> (found: [IdleProbe.Finding], probe: IdleProbe) {
        var probe = IdleProbe(policy)
        var found: [IdleProbe.Finding] = []
        for (second, event) in events {
            let now = Duration.seconds(second)
            switch event {
            case .begin: probe.begin(now: now)
            case .end: probe.end()
            case .heard: probe.heard(now: now)
            case .told: probe.told(now: now)
            case .firstCall: probe.told(isFirstCall: true, now: now)
            case .answered(let id):
                let isTaken = probe.take(answerTo: RequestID(id))
                #expect(isTaken)
            case .lost(let id): probe.lost(RequestID(id), now: now)
            case .gaveUp(let seconds, let isSuspect):
                #expect(probe.gaveUp(after: .seconds(seconds), now: now) == isSuspect, "at \(second) s")
            case .look(let isBusy): found.append(probe.look(isBusy: isBusy, now: now))
            case .asked(let id):
                #expect(probe.look(isBusy: false, now: now) == .pingDue, "at \(second) s")
                probe.asked(RequestID(id), now: now)
            }
        }
        return (found, probe)
    }

    @Test("a ping is due when nothing has passed for the interval, in either direction, and not before")
    func due() {
        let idle = Event.look(isBusy: false)
        #expect(findings([(0, .begin), (9, idle), (10, idle)]).found == [.nothing, .pingDue])
        #expect(findings([(0, .begin), (8, .heard), (10, idle), (18, idle)]).found == [.nothing, .pingDue])
        #expect(findings([(0, .begin), (8, .told), (10, idle), (18, idle)]).found == [.nothing, .pingDue])
    }

    @Test("a call given up without a word in all its time makes a ping due at once, whoever has called since")
    func suspicion() {
        let busy = Event.look(isBusy: true)
        let silent: [(Int, Event)] = [(0, .begin), (1, .firstCall), (6, .gaveUp(after: 5, isSuspect: true)), (6, busy)]
        #expect(findings(silent).found == [.pingDue])
        let spoke: [(Int, Event)] = [
            (0, .begin), (1, .firstCall), (3, .heard), (6, .gaveUp(after: 5, isSuspect: false)),
        ]
        #expect(findings(spoke + [(6, busy)]).found == [.nothing])
        let back: [(Int, Event)] = silent.dropLast() + [(6, .heard), (7, busy)]
        #expect(findings(back).found == [.nothing])
    }

    @Test("the ping after a call that was given up decides like any other")
    func verdictOnSuspicion() {
        let (_, probe) = findings([(0, .begin), (6, .gaveUp(after: 5, isSuspect: true)), (6, .asked(1))])
        var dead = probe
        #expect(dead.look(isBusy: true, now: .seconds(9)) == .nothing)
        #expect(dead.look(isBusy: true, now: .seconds(10)) == .death)
        var alive = probe
        alive.heard(now: .seconds(8))
        #expect(alive.look(isBusy: true, now: .seconds(10)) == .nothing)
    }

    @Test("no ping while calls are in flight, nor before ready, nor after, nor when it is switched off")
    func notDue() {
        let idle = Event.look(isBusy: false)
        #expect(findings([(0, .begin), (9, .firstCall), (12, .look(isBusy: true))]).found == [.nothing])
        #expect(findings([(100, idle)]).found == [.nothing])
        #expect(findings([(0, .begin), (1, .end), (100, idle)]).found == [.nothing])
        let off = findings([(0, .begin), (100, idle), (200, .look(isBusy: true))], policy: .off)
        #expect(off.found == [.nothing, .nothing])
        #expect(off.probe.nextLook(isBusy: false, now: .seconds(200)) == nil)
    }

    @Test("no sign of life within the timeout after a ping is death, with calls in flight or without")
    func death() {
        for isBusy in [false, true] {
            let look = Event.look(isBusy: isBusy)
            let (found, probe) = findings([
                (0, .begin), (10, .asked(1)), (11, .firstCall), (13, look), (14, look), (15, look),
            ])
            #expect(found == [.nothing, .death, .nothing])
            #expect(!probe.isWatching)
        }
    }

    @Test("any message after the ping is a sign of life, and an answer with a result or an error too")
    func life() {
        let idle = Event.look(isBusy: false)
        let heard = findings([(0, .begin), (10, .asked(1)), (11, .heard), (20, idle), (21, .asked(2))])
        #expect(heard.found == [.nothing])
        let answered = findings([
            (0, .begin), (10, .asked(1)), (11, .heard), (11, .answered(1)), (20, idle), (21, .asked(2)),
        ])
        #expect(answered.found == [.nothing])
    }

    @Test("an answer is swallowed once, and only the present ping's")
    func answers() {
        var probe = findings([(0, .begin), (10, .asked(7))]).probe
        let taken = [8, 7, 7].map { probe.take(answerTo: RequestID($0)) }
        #expect(taken == [false, true, false])
    }

    @Test("a ping that was lost on the way is asked again after another interval")
    func lost() {
        let idle = Event.look(isBusy: false)
        let (found, _) = findings([
            (0, .begin), (10, .asked(1)), (12, .lost(1)), (14, idle), (21, idle), (22, .asked(2)), (25, .lost(1)),
            (26, idle),
        ])
        #expect(found == [.nothing, .nothing, .death])
    }

    @Test("a silence with calls in flight is found once, and counts from the first of these calls")
    func silence() {
        let busy = Event.look(isBusy: true)
        let (found, probe) = findings([
            (0, .begin), (8, .firstCall), (12, .told), (17, busy), (18, busy), (19, busy), (20, .heard), (29, busy),
            (31, busy),
        ])
        #expect(found == [.nothing, .silence(.seconds(10)), .nothing, .nothing, .silence(.seconds(11))])
        #expect(probe.silence(isBusy: true, now: .seconds(40)) == .seconds(20))
        #expect(probe.silence(isBusy: false, now: .seconds(40)) == nil)
    }

    @Test("it tells since when a ping has had no answer")
    func unanswered() {
        var probe = findings([(0, .begin), (10, .asked(1))]).probe
        #expect(probe.unanswered(now: .seconds(12)) == .seconds(2))
        probe.heard(now: .seconds(13))
        #expect(probe.unanswered(now: .seconds(13)) == nil)
    }

    @Test("the next look is at the next thing that can be found")
    func nextLook() {
        let started = findings([(0, .begin), (3, .heard), (4, .told)]).probe
        #expect(started.nextLook(isBusy: false, now: .seconds(5)) == .seconds(14))
        let asked = findings([(0, .begin), (10, .asked(1))]).probe
        #expect(asked.nextLook(isBusy: false, now: .seconds(10)) == .seconds(14))
        #expect(asked.nextLook(isBusy: true, now: .seconds(10)) == .seconds(14))
        #expect(asked.nextLook(isBusy: false, now: .seconds(3)) == .seconds(13), "in case it has been answered")
        let busy = findings([(0, .begin), (3, .firstCall)]).probe
        #expect(busy.nextLook(isBusy: true, now: .seconds(5)) == .seconds(13))
        let silent = findings([(0, .begin), (3, .firstCall), (15, .look(isBusy: true))]).probe
        #expect(silent.nextLook(isBusy: true, now: .seconds(15)) == .seconds(25))
        #expect(findings([]).probe.nextLook(isBusy: false, now: .zero) == nil)
    }

    @Test("a server that has never answered a ping is believed dead twice, and then taken for one that knows none")
    func muteness() {
        let idle = Event.look(isBusy: false)
        let twoLives: [(Int, Event)] = [
            (0, .begin), (10, .asked(1)), (14, idle), (20, .begin), (30, .asked(2)), (34, idle),
        ]
        let (found, probe) = findings(twoLives + [(40, .begin), (50, .asked(3)), (54, idle), (64, idle), (99, idle)])
        #expect(found == [.death, .death, .muteness, .nothing, .nothing])
        #expect(probe.isMute && probe.isWatching)
        #expect(probe.nextLook(isBusy: false, now: .seconds(99)) == .seconds(109))
        let answering = findings(
            twoLives + [
                (40, .begin), (50, .asked(3)), (51, .heard), (51, .answered(3)), (61, .asked(4)), (65, idle),
            ])
        #expect(answering.found == [.death, .death, .death])
    }
}
