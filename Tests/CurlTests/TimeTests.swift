import Testing

@testable import Curl

@Suite struct TimeTests {
    @Test("idle is who neither receives nor sends, once something is expected")
    func idleness() {
        var idleness = Idleness(timeout: 100)
        #expect(idleness.check(at: 1000, sent: 0) == .until(1100))
        idleness.begin(at: 2000)
        #expect(idleness.check(at: 2000, sent: 0) == .until(2100))
        idleness.noteActivity(at: 2050)
        #expect(idleness.check(at: 2100, sent: 0) == .until(2150))
        #expect(idleness.check(at: 2149, sent: 0) == .until(2150))
        #expect(idleness.check(at: 2150, sent: 7) == .until(2250))
        #expect(idleness.check(at: 2250, sent: 7) == .expired)
    }

    @Test("who waits for the receiver is not idle, and starts anew afterwards")
    func pause() {
        var idleness = Idleness(timeout: 100)
        idleness.begin(at: 0)
        idleness.pause()
        #expect(idleness.check(at: 5000, sent: 0) == .until(5100))
        idleness.begin(at: 5050)
        #expect(idleness.check(at: 5100, sent: 0) == .until(5150))
        #expect(idleness.check(at: 5150, sent: 0) == .expired)
    }

    @Test("without a timeout nobody asks")
    func never() {
        var idleness = Idleness(timeout: nil)
        idleness.begin(at: 0)
        #expect(idleness.check(at: .max, sent: 0) == nil)
    }

    @Test(
        "durations for libcurl: milliseconds rounded up, never 0, never more than 31 bits",
        arguments: [
            (.zero, 1), (.seconds(-5), 1), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2),
            (.milliseconds(1999), 1999), (.seconds(10), 10_000), (.seconds(3_000_000), 2_147_483_647),
            (.seconds(Int64.max), 2_147_483_647), (.seconds(Int64.min), 1),
        ] as [(Duration, Int64)])
    func milliseconds(duration: Duration, milliseconds: Int64) {
        #expect(duration.milliseconds == milliseconds)
    }
}
