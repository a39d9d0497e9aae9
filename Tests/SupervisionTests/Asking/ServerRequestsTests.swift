import JSONRPC
import NIOCore
import Testing

@testable import Supervision

@Suite struct ServerRequestsTests {
    private static let (ann, bob) = (CallerID(1), CallerID(2))

    @Test("[113] only the caller that was asked can answer, and only once")
    func answers() throws {
        var requests = ServerRequests()
        let id = try requests.open(RequestID(7), to: Self.ann, for: 1, deadline: .seconds(1))
        expect(requests.answer(id, by: Self.bob)?.id, is: nil)
        expect(requests.answer(id, by: Self.ann)?.upstreamID, is: RequestID(7))
        expect(requests.answer(id, by: Self.ann)?.id, is: nil)
        #expect(requests.isEmpty)
    }

    @Test("an id that is open already is not taken twice, and is free again afterwards")
    func duplicates() throws {
        var requests = ServerRequests()
        let id = try requests.open(RequestID(7), to: Self.ann, for: nil, deadline: .seconds(1))
        #expect(throws: ServerRequests.Refusal.duplicate) {
            try requests.open(RequestID(7), to: Self.bob, for: nil, deadline: .seconds(1))
        }
        _ = requests.answer(id, by: Self.ann)
        #expect(throws: Never.self) { try requests.open(RequestID(7), to: Self.bob, for: nil, deadline: .seconds(1)) }
    }

    @Test("so many questions may be open for a caller, and so many together")
    func bounds() throws {
        var requests = ServerRequests()
        for number in 0..<ServerRequests.capacityPerCaller {
            _ = try requests.open(RequestID(number), to: Self.ann, for: nil, deadline: .seconds(1))
        }
        #expect(throws: ServerRequests.Refusal.tooMany(limit: ServerRequests.capacityPerCaller)) {
            try requests.open(RequestID(-1), to: Self.ann, for: nil, deadline: .seconds(1))
        }
        for number in ServerRequests.capacityPerCaller..<ServerRequests.capacity {
            let caller = CallerID(UInt64(100 + number))
            _ = try requests.open(RequestID(number), to: caller, for: nil, deadline: .seconds(1))
        }
        #expect(throws: ServerRequests.Refusal.tooMany(limit: ServerRequests.capacity)) {
            try requests.open(RequestID(-1), to: Self.bob, for: nil, deadline: .seconds(1))
        }
    }

    @Test("a call's time stands still while its caller is asked for it, or for no call that is known")
    func holdsUp() throws {
        var requests = ServerRequests()
        #expect(!requests.holdUp(1, of: Self.ann))
        let first = try requests.open(RequestID(1), to: Self.ann, for: 1, deadline: .seconds(1))
        #expect(requests.holdUp(1, of: Self.ann) && !requests.holdUp(2, of: Self.ann))
        _ = requests.answer(first, by: Self.ann)
        _ = try requests.open(RequestID(2), to: Self.ann, for: nil, deadline: .seconds(1))
        #expect(requests.holdUp(2, of: Self.ann) && !requests.holdUp(2, of: Self.bob))
    }

    @Test(
        "[113] whatever happens, each question ends exactly once, and what is open is what a list says",
        arguments: 1...20)
    func walk(seed: UInt64) throws {
        var random = SplitMix(seed)
        var requests = ServerRequests()
        var reference: [ServerRequests.Question] = []
        var ended: Set<ServerRequestID> = []
        func end(_ questions: [ServerRequests.Question], _ leaves: (ServerRequests.Question) -> Bool) {
            #expect(questions.map(\.id) == reference.filter(leaves).map(\.id).sorted())
            for question in questions { #expect(ended.insert(question.id).inserted) }
            reference.removeAll(where: leaves)
        }
        for step in 0..<2000 {
            let caller = CallerID(UInt64.random(in: 1...4, using: &random))
            let call = Int.random(in: 1...6, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let upstream = RequestID(Int.random(in: 1...40, using: &random))
                let deadline = Duration.seconds(step + Int.random(in: 0...50, using: &random))
                let isOpen = reference.contains { $0.upstreamID == upstream }
                let isFull = reference.count { $0.caller == caller } >= ServerRequests.capacityPerCaller
                let id = try? requests.open(
                    upstream, to: caller, for: Bool.random(using: &random) ? call : nil, deadline: deadline)
                #expect((id == nil) == (isOpen || isFull))
                if let id, let question = requests.find(id, of: caller) { reference.append(question) }
            case 5:
                guard let open = reference.randomElement(using: &random) else { continue }
                let found = requests.answer(open.id, by: caller)
                #expect((found != nil) == (open.caller == caller))
                if let found { end([found]) { $0.id == open.id } }
            case 6:
                let upstream = RequestID(Int.random(in: 1...40, using: &random))
                end(requests.withdraw(upstream).map { [$0] } ?? []) { $0.upstreamID == upstream }
            case 7: end(requests.removeAll(for: call)) { $0.call == call }
            case 8: end(requests.removeAll(of: caller)) { $0.caller == caller }
            default: end(requests.removeAll(overdueAt: .seconds(step))) { $0.deadline <= .seconds(step) }
            }
            #expect(requests.count == reference.count)
        }
        end(requests.removeAll()) { _ in true }
    }
}

/// Random numbers from a seed (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
