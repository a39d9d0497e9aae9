import Glibc
import Testing

@testable import Systemd

@Suite("Watchdog interval")
struct WatchdogIntervalTests {
    @Test(
        "the interval is the manager's, and none without one",
        arguments: [(1, Duration.seconds(30)), (0, nil)] as [(Int32, Duration?)])
    func interval(result: Int32, expected: Duration?) {
        let log = Lines()
        let interval = WatchdogInterval.current(logger: log.logger) { microseconds in
            microseconds = 30_000_000
            return result
        }
        #expect(interval == expected)
        #expect(log.lines.isEmpty)
    }

    @Test("an environment that makes no sense is remarked on, and no watchdog fed")
    func malformed() {
        let log = Lines()
        #expect(WatchdogInterval.current(logger: log.logger) { _ in -EINVAL } == nil)
        #expect(log.lines.count == 1)
    }
}
