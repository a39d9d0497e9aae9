import Glibc
import Testing

@testable import Systemd

@Suite("Service notifier")
struct ServiceNotifierTests {
    @Test("each event is one message, with the status on a line of its own")
    func messages() {
        let (notifier, sent, _) = Self.recording(result: 1)
        notifier.ready()
        notifier.ready(status: "listening on 127.0.0.1:9090")
        notifier.status("2 of 3 servers ready")
        notifier.stopping()
        notifier.stopping(status: "draining")
        #expect(
            sent.lines == [
                "READY=1",
                "READY=1\nSTATUS=listening on 127.0.0.1:9090",
                "STATUS=2 of 3 servers ready",
                "STOPPING=1",
                "STOPPING=1\nSTATUS=draining",
            ])
    }

    @Test("a reload begins with the time of its beginning, as Type=notify-reload needs it, and ends with READY=1")
    func reload() {
        let (notifier, sent, _) = Self.recording(result: 1)
        notifier.reloading(status: "reading the configuration")
        notifier.ready()
        #expect(
            sent.lines == ["RELOADING=1\nMONOTONIC_USEC=5000007\nSTATUS=reading the configuration", "READY=1"])
    }

    @Test("the time of a reload is that of the monotonic clock, in microseconds")
    func reloadTime() throws {
        let sent = Lines()
        var before = timespec()
        clock_gettime(CLOCK_MONOTONIC, &before)
        ServiceNotifier(
            logger: Lines().logger,
            send: {
                sent.append($0); return 1
            }
        ).reloading()
        var after = timespec()
        clock_gettime(CLOCK_MONOTONIC, &after)
        let told = try #require(sent.lines.first?.split(separator: "MONOTONIC_USEC=").last.flatMap { Int($0) })
        #expect((Self.microseconds(before)...Self.microseconds(after)).contains(told))
    }

    @Test("a failure is told with its errno where there is one")
    func failed() {
        let (notifier, sent, _) = Self.recording(result: 1)
        notifier.failed(errorNumber: EADDRINUSE, status: "cannot listen\non :9090")
        notifier.failed(errorNumber: nil, status: "config.json:1:1: error")
        #expect(sent.lines == ["ERRNO=98\nSTATUS=cannot listen on :9090", "STATUS=config.json:1:1: error"])
    }

    @Test("times are told in whole microseconds")
    func times() {
        let (notifier, sent, _) = Self.recording(result: 1)
        notifier.extendTimeout(by: .seconds(15))
        notifier.extendTimeout(by: .nanoseconds(2999))
        notifier.feedWatchdog()
        #expect(sent.lines == ["EXTEND_TIMEOUT_USEC=15000000", "EXTEND_TIMEOUT_USEC=2", "WATCHDOG=1"])
    }

    @Test("a status cannot smuggle in another assignment")
    func injection() {
        let (notifier, sent, _) = Self.recording(result: 1)
        notifier.status("time: \"boom\nSTOPPING=1\"")
        #expect(sent.lines == ["STATUS=time: \"boom STOPPING=1\""])
    }

    @Test("a failed notification is logged, an unheard one is not", arguments: [(-111, 1), (0, 0), (1, 0)])
    func failure(result: Int32, warnings: Int) {
        let (notifier, _, log) = Self.recording(result: result)
        notifier.ready()
        #expect(log.lines.count == warnings)
    }

    private static func recording(result: Int32) -> (ServiceNotifier, sent: Lines, log: Lines) {
        let (sent, log) = (Lines(), Lines())
        let notifier = ServiceNotifier(
            logger: log.logger,
            send: {
                sent.append($0)
                return result
            }, monotonicTime: { 5_000_007 })
        return (notifier, sent, log)
    }

    private static func microseconds(_ time: timespec) -> Int {
        time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }
}
