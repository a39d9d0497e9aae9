import Systemd
import Testing

@Suite("how long a stop asks for more time")
struct StopAllowanceTests {
    @Test("until the longest time of a stop has passed since it began, and never again")
    func bound() {
        let start = ContinuousClock.now
        var allowance = StopAllowance()
        // What is said of the longest time later on does not count anew.
        let answers = [(0, 10), (9, 1), (10, 10), (3600, 7200)].map { second, longest in
            allowance.allowsMore(at: start + .seconds(second), longest: .seconds(longest))
        }
        #expect(answers == [true, true, false, false])
    }
}
