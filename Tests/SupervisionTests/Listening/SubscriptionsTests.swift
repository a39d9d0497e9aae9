import JSONRPC
import NIOCore
import TestSupport
import Testing

@testable import Supervision

@Suite struct SubscriptionsTests {
    private static let (ann, bob) = (CallerID(1), CallerID(2))

    private static func wish(_ caller: CallerID, _ id: Int = 1) throws -> PendingCall {
        let message = try Message(MessageBuilder.request(id: RequestID(id), method: "resources/subscribe"))
        return PendingCall(message, id: RequestID(id), caller: caller, sink: CollectingSink())
    }

    private static func callers(_ outcome: Subscriptions.Outcome?) -> [CallerID]? {
        guard case .granted(let calls, _)? = outcome else { return nil }
        return calls.map(\.caller)
    }

    @Test("[122] the first of several holders is asked for upstream, the last one is let go")
    func counts() throws {
        var subscriptions = Subscriptions()
        expect(subscriptions.subscribe(try Self.wish(Self.ann), to: "a", deadline: .zero), is: .ask)
        subscriptions.asked(for: "a", as: 1)
        expect(subscriptions.subscribe(try Self.wish(Self.bob), to: "a", deadline: .zero), is: .wait)
        expect(Self.callers(subscriptions.answered(1, isSuccess: true)?.outcome), is: [Self.ann, Self.bob])
        // Once is as good as twice.
        expect(subscriptions.subscribe(try Self.wish(Self.bob), to: "a", deadline: .zero), is: .grant)
        expect(subscriptions.unsubscribe(Self.bob, from: "a"), is: false)
        expect(subscriptions.unsubscribe(Self.bob, from: "a"), is: false)
        #expect(subscriptions.holders(of: "a") == [Self.ann])
        expect(subscriptions.unsubscribe(Self.ann, from: "a"), is: true)
        subscriptions.releasing("a", as: 2)
        // Who comes meanwhile waits until it is let go, and it is asked for again.
        expect(subscriptions.subscribe(try Self.wish(Self.bob), to: "a", deadline: .zero), is: .wait)
        guard case .ask? = subscriptions.answered(2, isSuccess: true)?.outcome else {
            Issue.record("it is not asked for again")
            return
        }
        subscriptions.asked(for: "a", as: 3)
        expect(Self.callers(subscriptions.answered(3, isSuccess: true)?.outcome), is: [Self.bob])
    }

    @Test("[122] a refusal is everybody's who waits, and the next one is asked for again")
    func refusal() throws {
        var subscriptions = Subscriptions()
        _ = subscriptions.subscribe(try Self.wish(Self.ann), to: "a", deadline: .zero)
        subscriptions.asked(for: "a", as: 1)
        _ = subscriptions.subscribe(try Self.wish(Self.bob), to: "a", deadline: .zero)
        guard case .refused(let calls)? = subscriptions.answered(1, isSuccess: false)?.outcome else {
            Issue.record("it was granted")
            return
        }
        #expect(calls.map(\.caller) == [Self.ann, Self.bob])
        #expect(subscriptions.isEmpty && subscriptions.waitingCount == 0)
        expect(subscriptions.subscribe(try Self.wish(Self.ann), to: "a", deadline: .zero), is: .ask)
    }

    @Test("[61] in another life what is held is asked for again, and its holders are told that it may have changed")
    func restored() throws {
        var subscriptions = Subscriptions()
        _ = subscriptions.subscribe(try Self.wish(Self.ann), to: "a", deadline: .zero)
        subscriptions.asked(for: "a", as: 1)
        _ = subscriptions.answered(1, isSuccess: true)
        _ = subscriptions.subscribe(try Self.wish(Self.bob), to: "b", deadline: .zero)
        subscriptions.asked(for: "b", as: 2)
        expect(subscriptions.disconnected().map(\.caller), is: [Self.bob])
        expect(subscriptions.connected(), is: ["a"])
        subscriptions.asked(for: "a", as: 3)
        expect(subscriptions.answered(2, isSuccess: true) == nil, is: true)
        guard case .granted(let calls, isRestored: true)? = subscriptions.answered(3, isSuccess: true)?.outcome else {
            Issue.record("it is not restored")
            return
        }
        #expect(calls.isEmpty)
    }

    @Test("an update concerns those of the resource, else those of what it is part of, else all")
    func holders() throws {
        var subscriptions = Subscriptions()
        for (request, (caller, uri)) in [(Self.ann, "file:///a"), (Self.bob, "file:///b/")].enumerated() {
            _ = subscriptions.subscribe(try Self.wish(caller), to: uri, deadline: .zero)
            subscriptions.asked(for: uri, as: request)
            _ = subscriptions.answered(request, isSuccess: true)
        }
        #expect(subscriptions.holders(of: "file:///a") == [Self.ann])
        #expect(subscriptions.holders(of: "file:///b/c") == [Self.bob])
        #expect(Set(subscriptions.holders(of: "x:y")) == [Self.ann, Self.bob])
    }

    @Test("a caller may hold so many, and none with an endless URI")
    func bounds() throws {
        var subscriptions = Subscriptions()
        for number in 0..<Subscriptions.capacityPerCaller {
            _ = subscriptions.subscribe(try Self.wish(Self.ann), to: "\(number)", deadline: .zero)
            subscriptions.asked(for: "\(number)", as: number)
            _ = subscriptions.answered(number, isSuccess: true)
        }
        expect(subscriptions.subscribe(try Self.wish(Self.ann), to: "x", deadline: .zero), is: .refuse(.tooMany))
        expect(subscriptions.subscribe(try Self.wish(Self.bob), to: "x", deadline: .zero), is: .ask)
        let long = String(repeating: "x", count: Subscriptions.uriLimit + 1)
        expect(subscriptions.subscribe(try Self.wish(Self.bob), to: long, deadline: .zero), is: .refuse(.tooLong))
        expect(subscriptions.remove(Self.ann).released.count, is: Subscriptions.capacityPerCaller)
    }

    @Test("all callers together cannot have more of one server's resources watched than there may be")
    func capacity() throws {
        var subscriptions = Subscriptions()
        for number in 0..<Subscriptions.capacity {
            let caller = CallerID(UInt64(100 + number / Subscriptions.capacityPerCaller))
            _ = subscriptions.subscribe(try Self.wish(caller), to: "\(number)", deadline: .zero)
            subscriptions.asked(for: "\(number)", as: number)
            _ = subscriptions.answered(number, isSuccess: true)
        }
        expect(
            subscriptions.subscribe(try Self.wish(Self.bob), to: "x", deadline: .zero), is: .refuse(.tooManyTogether))
        expect(subscriptions.subscribe(try Self.wish(Self.bob), to: "0", deadline: .zero), is: .grant)
    }

    /// The server as it would be if every request were answered in the end: what it holds must be what somebody wants.
    @Test("[122] after any history the server holds exactly what somebody holds", arguments: 1...20)
    func walk(seed: UInt64) throws {
        var random = SplitMix(seed)
        var subscriptions = Subscriptions()
        var held: [CallerID: Set<String>] = [:]
        var wire: [(request: Int, uri: String, isSubscribe: Bool)] = []
        var upstream: Set<String> = []
        var next = 0
        func ask(_ uri: String) {
            next += 1
            subscriptions.asked(for: uri, as: next)
            wire.append((next, uri, true))
        }
        func release(_ uri: String) {
            next += 1
            subscriptions.releasing(uri, as: next)
            wire.append((next, uri, false))
        }
        func answerOne() {
            guard !wire.isEmpty else { return }
            let (request, uri, isSubscribe) = wire.removeFirst()
            let isSuccess = !isSubscribe || Int.random(in: 0..<8, using: &random) > 0
            if isSuccess { if isSubscribe { upstream.insert(uri) } else { upstream.remove(uri) } }
            switch subscriptions.answered(request, isSuccess: isSuccess)?.outcome {
            case .granted(let calls, _): for call in calls { held[call.caller, default: []].insert(uri) }
            case .refused(let calls): for call in calls { held[call.caller]?.remove(uri) }
            case .unwanted: release(uri)
            case .ask: ask(uri)
            case .released, nil: break
            }
        }
        for step in 0..<1500 {
            let caller = CallerID(UInt64.random(in: 1...4, using: &random))
            let uri = "\(Int.random(in: 1...5, using: &random))"
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<4:
                switch subscriptions.subscribe(try Self.wish(caller, step), to: uri, deadline: .seconds(step + 9)) {
                case .grant: held[caller, default: []].insert(uri)
                case .ask: ask(uri)
                case .wait: break
                case .refuse: Issue.record("refused")
                }
            case 4..<6:
                if subscriptions.unsubscribe(caller, from: uri) { release(uri) }
                held[caller]?.remove(uri)
            case 6:
                for uri in subscriptions.remove(caller).released { release(uri) }
                held[caller] = nil
            case 7: _ = subscriptions.removeWaiting(overdueAt: .seconds(step))
            case 8 where step % 10 == 0:
                wire = []
                upstream = []
                _ = subscriptions.disconnected()
                for uri in subscriptions.connected() { ask(uri) }
            default: answerOne()
            }
        }
        while !wire.isEmpty { answerOne() }
        let wanted = held.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        #expect(upstream.isSubset(of: wanted))
        for uri in upstream {
            #expect(Set(subscriptions.holders(of: uri)) == Set(held.filter { $0.value.contains(uri) }.keys))
        }
        #expect(subscriptions.waitingCount == 0)
    }
}
