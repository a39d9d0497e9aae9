internal import NIOCore
internal import ServiceLifecycle
internal import Supervision

/// Runs the supervisor as a service of the process: its end is the end of the last server.
struct SupervisorService: Service {
    let supervisor: Supervisor

    func run() async {
        await withGracefulShutdownHandler {
            await supervisor.run()
        } onGracefulShutdown: {
            supervisor.eventLoop.execute { supervisor.assumeIsolated { $0.stop() } }
        }
    }
}
