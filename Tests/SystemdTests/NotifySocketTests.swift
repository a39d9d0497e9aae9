import Glibc
import Testing

@testable import Systemd

/// The environment belongs to the whole process, so nothing else here may run at the same time.
@Suite("Notify socket", .serialized)
struct NotifySocketTests {
    @Test("messages arrive at the socket that NOTIFY_SOCKET names")
    func delivery() throws {
        let socket = try DatagramSocket()
        setenv("NOTIFY_SOCKET", socket.path, 1)
        defer { unsetenv("NOTIFY_SOCKET") }

        let notifier = ServiceNotifier(logger: Lines().logger)
        notifier.ready(status: "ready\nat last")
        notifier.stopping()
        #expect(socket.receive() == "READY=1\nSTATUS=ready at last")
        #expect(socket.receive() == "STOPPING=1")
    }

    @Test("without NOTIFY_SOCKET nothing is said, and nothing is logged")
    func silence() {
        unsetenv("NOTIFY_SOCKET")
        let log = Lines()
        ServiceNotifier(logger: log.logger).ready()
        #expect(log.lines.isEmpty)
    }

    @Test("a socket that nobody listens on is only logged")
    func deadSocket() {
        setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        let log = Lines()
        ServiceNotifier(logger: log.logger).ready()
        #expect(log.lines.count == 1)
    }
}
