import FuzzSupport
import Testing

@testable import Curl

@Suite struct ReceiveWindowTests {
    @Test("bytes are admitted while fewer than the size are out")
    func size() {
        var window = ReceiveWindow(size: 10)
        let results = [
            window.admit(9), window.admit(100), window.admit(1),
            window.consume(99), window.consume(1),
            window.admit(1), window.admit(1),
        ]
        #expect(results == [true, true, false, false, true, true, false])
    }

    @Test("who has refused nothing has nothing to resume")
    func open() {
        var window = ReceiveWindow(size: 10)
        let results = [
            window.admit(10), window.consume(10), window.consume(10), window.consume(-5),
            window.admit(10), window.admit(1),
        ]
        #expect(results == [true, false, false, false, true, false])
    }

    @Test("a window has room for something", arguments: [0, -1, Int.min])
    func smallest(size: Int) {
        var window = ReceiveWindow(size: size)
        let results = [window.admit(16 * 1024), window.admit(1)]
        #expect(results == [true, false])
    }

    @Test("a random walk, against a count: it is resumed once for each time that it was closed", arguments: 1...5)
    func walk(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var window = ReceiveWindow(size: 1000)
        var outstanding = 0
        var isClosed = false
        for _ in 1...10_000 {
            let count = Int.random(in: 1...400, using: &random)
            if !isClosed, !random.chance(3) {
                let isAdmitted = window.admit(count)
                #expect(isAdmitted == (outstanding < 1000))
                if isAdmitted { outstanding += count } else { isClosed = true }
            } else {
                outstanding = max(outstanding - count, 0)
                let resumes = window.consume(count)
                #expect(resumes == (isClosed && outstanding < 1000))
                if resumes { isClosed = false }
            }
            #expect(outstanding < 1400)
        }
    }
}
