internal import GatewayLog
internal import Glibc
internal import Logging
internal import ServiceLifecycle

/// Asks for a reload when the file of the configuration has changed and then stayed the same for half a second: whoever
/// writes it may do so in steps.
struct WatchService: Service {
    /// How long nothing must have happened.
    private static let quiet = Duration.milliseconds(500)

    let requests: ReloadRequests
    let path: String
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown { await follow() }
        // A service that ended by itself would end the gateway.
        try? await gracefulShutdown()
    }

    private func follow() async {
        guard let watch = FileWatch() else {
            return logger.log(
                .configurationWarning, [.reason: "the file is not watched: \(String(cString: strerror(errno)))"])
        }
        watch.watch(path)
        var known = FileWatch.Identity(of: path)
        for await _ in watch.events {
            let now = await settled()
            // A link may lead elsewhere now.
            watch.watch(path)
            // One that is gone is about to come.
            guard let now, now != known, !Task.isCancelled else { continue }
            known = now
            requests.ask()
        }
    }

    /// The file, once it has been the same for a while.
    private func settled() async -> FileWatch.Identity? {
        var now = FileWatch.Identity(of: path)
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.quiet)
            let later = FileWatch.Identity(of: path)
            if later == now { return now }
            now = later
        }
        return nil
    }
}
