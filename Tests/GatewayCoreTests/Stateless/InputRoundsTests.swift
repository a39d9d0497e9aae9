import FuzzSupport
import JSONRPC
import NIOCore
import Supervision
import Testing

@testable import GatewayCore

@Suite struct InputRoundsTests {
    private static let answer = Answer.message(ByteBuffer(string: "{}"))
    private static let request = ByteBuffer(string: #"{"method":"roots/list"}"#)

    /// The action in a word, with the keys that are asked.
    private static func word(_ action: InputRounds.Action) -> String {
        switch action {
        case .nothing: "nothing"
        case .waitAMoment: "wait"
        case .ask(let questions): "ask " + questions.map(\.key).joined(separator: ",")
        case .finish: "finish"
        }
    }

    @Test("a call that is asked nothing ends with its answer")
    func plain() {
        var rounds = InputRounds()
        #expect(Self.word(rounds.finished(Self.answer)) == "finish")
    }

    @Test("[105] [106] questions that come together are asked together, and their answers go to their askers")
    func together() {
        var rounds = InputRounds()
        let (one, two) = (ServerRequestID(), ServerRequestID())
        #expect(Self.word(rounds.asked(one, Self.request, silence: .error)) == "wait")
        #expect(Self.word(rounds.asked(two, Self.request, silence: .error)) == "nothing")
        #expect(Self.word(rounds.momentHasPassed()) == "ask input-1,input-2")
        #expect(rounds.isAway)
        let (taken, next) = rounds.cameBack(with: [("input-2", Self.request), ("input-1", Self.request)])
        #expect(taken.map(\.question.id) == [two, one])
        #expect(Self.word(next) == "nothing")
        #expect(!rounds.isAway)
        #expect(Self.word(rounds.finished(Self.answer)) == "finish")
    }

    @Test("[106] a question that comes when the client is away is asked when it is back")
    func later() {
        var rounds = InputRounds()
        _ = rounds.asked(ServerRequestID(), Self.request, silence: .error)
        _ = rounds.momentHasPassed()
        #expect(Self.word(rounds.asked(ServerRequestID(), Self.request, silence: .error)) == "nothing")
        #expect(Self.word(rounds.cameBack(with: [("input-1", Self.request)]).next) == "ask input-2")
        #expect(Self.word(rounds.cameBack(with: [("input-2", Self.request)]).next) == "nothing")
    }

    @Test("[108] what was left out is asked again, and what nobody asked is ignored")
    func missing() {
        var rounds = InputRounds()
        _ = rounds.asked(ServerRequestID(), Self.request, silence: .error)
        _ = rounds.momentHasPassed()
        let (taken, next) = rounds.cameBack(with: [("input-9", Self.request), ("", Self.request)])
        #expect(taken.isEmpty)
        #expect(Self.word(next) == "ask input-1")
    }

    @Test("a key answers once, whatever is said of it twice")
    func twice() {
        var rounds = InputRounds()
        _ = rounds.asked(ServerRequestID(), Self.request, silence: .error)
        _ = rounds.momentHasPassed()
        #expect(rounds.cameBack(with: [("input-1", Self.request), ("input-1", Self.request)]).taken.count == 1)
    }

    @Test("the answer that comes while the client is away is kept for it")
    func kept() {
        var rounds = InputRounds()
        _ = rounds.asked(ServerRequestID(), Self.request, silence: .error)
        _ = rounds.momentHasPassed()
        #expect(Self.word(rounds.finished(Self.answer)) == "nothing")
        let (taken, next) = rounds.cameBack(with: [("input-1", Self.request)])
        #expect(taken.isEmpty)
        #expect(Self.word(next) == "finish")
    }

    @Test("a question withdrawn in the moment before is not asked")
    func withdrawn() {
        var rounds = InputRounds()
        let id = ServerRequestID()
        _ = rounds.asked(id, Self.request, silence: .error)
        rounds.withdrawn(id)
        #expect(Self.word(rounds.momentHasPassed()) == "nothing")
        #expect(!rounds.isAway)
        // And the next one starts a moment of its own.
        #expect(Self.word(rounds.asked(ServerRequestID(), Self.request, silence: .error)) == "wait")
    }

    @Test("fuzz: whatever happens, the client is answered once for each time it comes, and no question twice")
    func walk() {
        for seed in Fuzzing.seeds(1...200) {
            var random = SeededGenerator(seed: seed)
            var rounds = InputRounds()
            var (isWaiting, isOver, answered) = (true, false, Set<ServerRequestID>())
            func perform(_ action: InputRounds.Action) {
                switch action {
                case .nothing, .waitAMoment: return
                case .ask(let questions):
                    #expect(isWaiting && !questions.isEmpty && rounds.isAway)
                    isWaiting = false
                case .finish:
                    #expect(isWaiting)
                    (isWaiting, isOver) = (false, true)
                }
            }
            var hasEnded = false
            for _ in 0..<200 where !isOver {
                switch Int.random(in: 0..<6, using: &random) {
                case 0 where !hasEnded: perform(rounds.asked(ServerRequestID(), Self.request, silence: .error))
                case 1: perform(rounds.momentHasPassed())
                case 2:
                    if let question = rounds.questions.randomElement(using: &random) { rounds.withdrawn(question.id) }
                case 3, 4:
                    guard rounds.isAway else { continue }
                    isWaiting = true
                    let keys = rounds.questions.map(\.key) + ["nobody's"]
                    let said = keys.filter { _ in Bool.random(using: &random) }.map { ($0, Self.request) }
                    let (taken, next) = rounds.cameBack(with: said)
                    for (question, _) in taken { #expect(answered.insert(question.id).inserted) }
                    perform(next)
                case 5 where !hasEnded && Int.random(in: 0..<8, using: &random) == 0:
                    hasEnded = true
                    perform(rounds.finished(Self.answer))
                default: continue
                }
            }
        }
    }
}
