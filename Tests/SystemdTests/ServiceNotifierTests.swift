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
        let notifier = ServiceNotifier(logger: log.logger) {
            sent.append($0)
            return result
        }
        return (notifier, sent, log)
    }
}
