import Testing

@testable import Upstreams

/// What a refused request means for the session.
struct SessionRenewalTests {
    private static func open(_ id: String?) -> SessionRenewal {
        var renewal = SessionRenewal()
        renewal.opened(id)
        return renewal
    }

    @Test(
        "139: 404 in a session means that it is lost, and so does a 400 that speaks of it",
        arguments: [
            (404, "", SessionRenewal.Verdict.renew), (404, "Session not found", .renew),
            (400, "Bad Request: No valid session ID provided", .renew), (400, "Missing SESSION id", .renew),
            (400, "Unsupported protocol version", .unrelated), (400, "", .unrelated), (401, "session", .unrelated),
            (403, "", .unrelated), (405, "", .unrelated), (410, "", .unrelated), (500, "session", .unrelated),
        ])
    func verdicts(status: Int, note: String, verdict: SessionRenewal.Verdict) {
        var renewal = Self.open("a")
        #expect(renewal.refused(in: "a", status: status, note: note) == verdict)
        #expect(renewal.id == (verdict == .renew ? nil : "a"))
    }

    @Test("without a session nothing can be lost")
    func sessionless() {
        var renewal = Self.open(nil)
        #expect(renewal.refused(in: nil, status: 404, note: "session") == .unrelated)
    }

    @Test("139: many refusals of one session, before and after the new one is open, renew it once")
    func once() {
        var renewal = Self.open("a")
        #expect(renewal.refused(in: "a", status: 404, note: "") == .renew)
        #expect(renewal.refused(in: "a", status: 404, note: "") == .stale)
        renewal.opened("b")
        #expect(renewal.refused(in: "a", status: 404, note: "") == .stale)
        #expect(renewal.id == "b")
    }

    @Test("139: a second loss without a call that succeeded in between is the end")
    func useless() {
        var renewal = Self.open("a")
        #expect(renewal.refused(in: "a", status: 404, note: "") == .renew)
        renewal.opened("b")
        renewal.succeeded(in: "a")
        #expect(renewal.refused(in: "b", status: 404, note: "") == .useless)
    }

    @Test("139: after a call that succeeded the session may be lost again")
    func again() {
        var renewal = Self.open("a")
        for (old, new) in [("a", "b"), ("b", "c"), ("c", "d")] {
            #expect(renewal.refused(in: old, status: 404, note: "") == .renew)
            renewal.opened(new)
            renewal.succeeded(in: new)
        }
    }

    @Test("139: a random server: never a renewal while one is under way, and never two without a success between")
    func walk() {
        var generator = SystemRandomNumberGenerator()
        var renewal = Self.open("0")
        var sessions = ["0"]
        var isRenewing = false
        var successes = 1
        for _ in 0..<100_000 {
            let used = sessions.randomElement(using: &generator) ?? "0"
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                renewal.succeeded(in: used)
                if used == sessions.last, !isRenewing { successes += 1 }
            case 1 where isRenewing:
                sessions.append("\(sessions.count)")
                renewal.opened(sessions.last)
                isRenewing = false
            default:
                switch renewal.refused(in: used, status: 404, note: "") {
                case .renew:
                    #expect(!isRenewing && used == sessions.last && successes > 0)
                    isRenewing = true
                    successes = 0
                case .stale:
                    #expect(isRenewing || used != sessions.last)
                case .useless:
                    #expect(!isRenewing && used == sessions.last && successes == 0)
                case .unrelated:
                    Issue.record("a session was lost")
                }
            }
            #expect(renewal.id == (isRenewing ? nil : sessions.last))
        }
    }
}
