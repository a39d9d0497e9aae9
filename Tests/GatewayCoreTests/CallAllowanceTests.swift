import FuzzSupport
import Testing

@testable import GatewayCore

@Suite("How many calls of a session may wait together")
struct CallAllowanceTests {
    @Test("against a count at every call it lets in and refuses the same, and counts seldom")
    func walk() {
        var random = SeededGenerator(seed: 6)
        for limit in [1, 2, 7, 64] {
            var allowance = CallAllowance(limit: limit)
            var (waiting, counts) = (0, 0)
            for _ in 0..<10_000 {
                if Bool.random(using: &random) {
                    let isLetIn = allowance.take {
                        counts += 1
                        return waiting
                    }
                    #expect(isLetIn == (waiting < limit))
                    if isLetIn { waiting += 1 }
                } else {
                    waiting = Int.random(in: 0...waiting, using: &random)
                }
            }
            #expect(counts < 10_000)
        }
    }

    @Test("calls that are answered one by one are counted once in as many as may wait")
    func seldom() {
        var allowance = CallAllowance(limit: 100)
        var counts = 0
        for _ in 0..<1000 {
            _ = allowance.take {
                counts += 1
                return 0
            }
        }
        #expect(counts == 9)
    }

    @Test("none is let in where none may wait")
    func none() {
        var allowance = CallAllowance(limit: 0)
        #expect(!allowance.take { 0 })
    }
}
