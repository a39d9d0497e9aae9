internal import GatewayLog
internal import Glibc
internal import ServiceLifecycle
internal import Supervision
internal import UnixSignals

/// Waits for a second SIGINT: whoever presses ^C twice does not want to wait for the stop sequence.
struct Interrupts: Service {
    let supervisor: Supervisor
    let log: LogQueue

    func run() async {
        var count = 0
        for await _ in await UnixSignalsSequence(trapping: .sigint).cancelOnGracefulShutdown() {
            count += 1
            guard count == 2 else { continue }
            await supervisor.kill()
            log.flush()
            _exit(128 + SIGINT)
        }
    }
}
