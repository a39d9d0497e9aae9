internal import ServiceLifecycle
internal import UnixSignals

/// Asks for a reload at every SIGHUP, as daemons do.
struct HangupService: Service {
    let requests: ReloadRequests

    func run() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            requests.ask()
        }
    }
}
