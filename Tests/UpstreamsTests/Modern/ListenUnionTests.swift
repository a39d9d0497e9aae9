import FuzzSupport
import JSONRPC
import MCP
import NIOCore
import Testing

@testable import Upstreams

/// The one request that listens for everything.
@Suite struct ListenUnionTests {
    private typealias Filter = ListenUnion.Filter
    private typealias Effect = ListenUnion.Effect

    private static func id(_ number: Int) -> RequestID {
        RequestID(json: ByteBuffer(string: #""listen-\#(number)""#))
    }

    private static let patience = Effect.wake(after: ListenUnion.patience)
    private static let tools = Filter(features: [.tools])
    private let now = Duration.seconds(50)

    @Test("[93] what the server announces is listened for from the start, and nothing where it announces nothing")
    func begin() {
        var union = ListenUnion(features: [.tools])
        #expect(union.begin(now: now) == [.open(Self.id(1), Self.tools), Self.patience])
        #expect(!union.heeds(Self.id(1)))
        #expect(union.acknowledged(Self.id(1), honoured: Self.tools, now: now) == [])
        #expect(union.heeds(Self.id(1)))
        var silent = ListenUnion(features: [])
        #expect(silent.begin(now: now) == [])
    }

    @Test("[96] another filter is another request, and the old one ends when the new one is acknowledged")
    func makeBeforeBreak() {
        var union = ListenUnion(features: [.tools])
        _ = union.begin(now: now)
        _ = union.acknowledged(Self.id(1), honoured: Self.tools, now: now)
        let both = Filter(features: [.tools], resources: ["a"])
        #expect(union.subscribe("a", for: RequestID(7), now: now) == [.open(Self.id(2), both), Self.patience])
        #expect(union.heeds(Self.id(1)))
        #expect(
            union.acknowledged(Self.id(2), honoured: both, now: now)
                == [.close(Self.id(1)), .answer(RequestID(7), nil)])
        #expect(union.heeds(Self.id(2)))
        #expect(union.heeds(Self.id(1)), "what it had to tell before may come after the acknowledgement")
        // The same again costs nothing.
        #expect(union.subscribe("a", for: RequestID(8), now: now) == [.answer(RequestID(8), nil)])
        #expect(
            union.unsubscribe("a", for: RequestID(9), now: now)
                == [.answer(RequestID(9), nil), .open(Self.id(3), Self.tools), Self.patience])
        #expect(union.acknowledged(Self.id(3), honoured: Self.tools, now: now) == [.close(Self.id(2))])
    }

    @Test("[96] when nobody wants anything, nothing is listened for")
    func lastLeaves() {
        var union = ListenUnion(features: [])
        let filter = Filter(resources: ["a"])
        #expect(union.subscribe("a", for: RequestID(1), now: now) == [.open(Self.id(1), filter), Self.patience])
        _ = union.acknowledged(Self.id(1), honoured: filter, now: now)
        #expect(
            union.unsubscribe("a", for: RequestID(2), now: now) == [.answer(RequestID(2), nil), .close(Self.id(1))])
    }

    @Test("changes on the way are taken together")
    func burst() {
        var union = ListenUnion(features: [])
        #expect(union.subscribe("a", for: RequestID(1), now: now).count == 2)
        for number in 2...9 { #expect(union.subscribe("r\(number)", for: RequestID(number), now: now) == []) }
        let all = Filter(resources: ["a"] + (2...9).map { "r\($0)" })
        #expect(
            union.acknowledged(Self.id(1), honoured: Filter(resources: ["a"]), now: now)
                == [.answer(RequestID(1), nil), .open(Self.id(2), all), Self.patience])
        let answers = (2...9).map { Effect.answer(RequestID($0), nil) }
        #expect(union.acknowledged(Self.id(2), honoured: all, now: now) == [.close(Self.id(1))] + answers)
    }

    @Test("[91] a resource that the server does not tell of is refused, and not asked for again")
    func notHonoured() {
        var union = ListenUnion(features: [.tools])
        _ = union.begin(now: now)
        _ = union.acknowledged(Self.id(1), honoured: Self.tools, now: now)
        _ = union.subscribe("a", for: RequestID(1), now: now)
        let effects = union.acknowledged(Self.id(2), honoured: Self.tools, now: now)
        guard effects.count == 2, case .answer(RequestID(1), let refusal?) = effects[1] else {
            Issue.record("\(effects)")
            return
        }
        #expect(refusal.code == .invalidParams && refusal.message.contains("a"))
    }

    @Test("[95] a stream that breaks is opened again after a while, and then everything may have changed")
    func broken() {
        var union = ListenUnion(features: [.tools])
        _ = union.begin(now: now)
        _ = union.acknowledged(Self.id(1), honoured: Self.tools, now: now)
        #expect(
            union.ended(Self.id(1), .lost("broke"), now: now, jitter: 0) == [.wake(after: .seconds(1))])
        // Meanwhile nothing is opened.
        #expect(union.subscribe("a", for: RequestID(1), now: now) == [])
        let both = Filter(features: [.tools], resources: ["a"])
        #expect(union.woken(now: now, jitter: 0) == [.open(Self.id(2), both), Self.patience])
        #expect(
            union.acknowledged(Self.id(2), honoured: both, now: now)
                == [.answer(RequestID(1), nil), .announce(both)])
    }

    @Test("the waits grow up to a bound, and begin anew when a stream has held")
    func waits() {
        var union = ListenUnion(features: [.tools])
        _ = union.begin(now: now)
        for (number, wait) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            #expect(
                union.ended(Self.id(number + 1), .refused(code: -32603, message: "full"), now: now, jitter: 0)
                    == [.wake(after: .seconds(wait))])
            #expect(union.woken(now: now, jitter: 0).count == 2)
        }
        _ = union.acknowledged(Self.id(9), honoured: Self.tools, now: now)
        #expect(
            union.ended(Self.id(9), .closed, now: now + .seconds(20), jitter: 1) == [.wake(after: .milliseconds(1200))])
    }

    @Test("a server that knows no such request is not asked again, and subscriptions are refused")
    func unsupported() {
        var union = ListenUnion(features: [.tools])
        _ = union.begin(now: now)
        _ = union.subscribe("a", for: RequestID(1), now: now)
        #expect(union.ended(Self.id(1), .refused(code: -32601, message: "x"), now: now, jitter: 0) == [])
        guard case .answer(RequestID(2), let refusal?) = union.subscribe("b", for: RequestID(2), now: now).first else {
            Issue.record("it was not refused")
            return
        }
        #expect(refusal.code == .methodNotFound)
    }

    @Test("who subscribes hears of it when the server refuses or stays silent")
    func failed() {
        var union = ListenUnion(features: [])
        _ = union.subscribe("a", for: RequestID(1), now: now)
        #expect(union.woken(now: now + .seconds(29), jitter: 0) == [])
        let effects = union.woken(now: now + .seconds(30), jitter: 0)
        guard effects.first == .close(Self.id(1)), case .answer(RequestID(1), let refusal?) = effects.last else {
            Issue.record("\(effects)")
            return
        }
        #expect(refusal.code == .internalError && refusal.message.contains("did not acknowledge it within 30 s"))
        // It was told so, and does not count on it.
        #expect(union.woken(now: now + .seconds(40), jitter: 0) == [])
    }

    @Test("a filter reads back as it was written", arguments: [[], [Feature.tools], [.prompts, .resources]])
    func json(features: [Feature]) {
        let filter = Filter(features: Set(features), resources: ["file:///a", "\"x\""])
        #expect(Filter(json: filter.json) == filter)
        #expect(Filter(json: ByteBuffer(string: #"{"toolsListChanged":false,"resourceSubscriptions":7}"#)).isEmpty)
    }

    @Test("[92] a random server and random clients: at most two requests, every wish is answered once, none is lost")
    func walk() {
        for seed in Fuzzing.seeds(1...300) {
            var generator = SeededGenerator(seed: seed)
            var union = ListenUnion(features: generator.chance(2) ? [.tools] : [])
            var open: Set<RequestID> = []
            var unacknowledged: [RequestID: Filter] = [:]
            var unanswered: Set<RequestID> = []
            func take(_ effects: [Effect]) {
                for effect in effects {
                    switch effect {
                    case .open(let id, let filter):
                        #expect(open.insert(id).inserted && !filter.isEmpty)
                        unacknowledged[id] = filter
                        #expect(open.count <= 2 && unacknowledged.count == 1)
                    case .close(let id):
                        #expect(open.remove(id) != nil)
                        unacknowledged[id] = nil
                    case .answer(let id, _): #expect(unanswered.remove(id) != nil)
                    case .announce(let filter): #expect(!filter.isEmpty)
                    case .wake: break
                    }
                }
            }
            take(union.begin(now: now))
            for number in 1...60 {
                let uri = "r\(Int.random(in: 0..<3, using: &generator))"
                switch Int.random(in: 0..<7, using: &generator) {
                case 0, 1:
                    unanswered.insert(RequestID(number))
                    take(union.subscribe(uri, for: RequestID(number), now: now))
                case 2:
                    unanswered.insert(RequestID(number))
                    take(union.unsubscribe(uri, for: RequestID(number), now: now))
                case 3, 4:
                    guard let (id, filter) = unacknowledged.first else { continue }
                    unacknowledged[id] = nil
                    take(union.acknowledged(id, honoured: filter, now: now))
                    #expect(union.heeds(id) == open.contains(id))
                case 5:
                    guard let id = open.sorted(by: { $0.json.readableBytes < $1.json.readableBytes }).first else {
                        continue
                    }
                    open.remove(id)
                    unacknowledged[id] = nil
                    take(union.ended(id, .lost("x"), now: now, jitter: 0))
                default:
                    take(union.woken(now: now, jitter: 0))
                }
            }
            // With a server that works, every wish is answered in the end.
            for _ in 0..<10 {
                take(union.woken(now: now, jitter: 0))
                for (id, filter) in unacknowledged {
                    unacknowledged[id] = nil
                    take(union.acknowledged(id, honoured: filter, now: now))
                }
            }
            #expect(unanswered.isEmpty && open.count <= 1, "seed \(seed)")
        }
    }
}
