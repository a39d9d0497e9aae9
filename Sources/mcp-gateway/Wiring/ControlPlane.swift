internal import GatewayCore
internal import Supervision
internal import Synchronization

/// What an operator asks and orders, carried out by the supervisor. Used on the event loop.
final class ControlPlane: Administration {
    /// The supervisor is made after the built-in server's connector, which needs this.
    private let supervisor = Mutex<Supervisor?>(nil)

    /// From here on this supervisor is asked; before, there are no servers.
    func govern(_ supervisor: Supervisor) {
        self.supervisor.withLock { $0 = supervisor }
    }

    func servers() -> [ServerSnapshot] {
        managed.map { server in server.assumeIsolated { $0.snapshot() } }
    }

    func pastLives(of server: String) -> [PastLife]? {
        find(server)?.assumeIsolated { $0.pastLives() }
    }

    func standardErrorLines(of server: String) -> [String]? {
        find(server)?.assumeIsolated { $0.standardErrorLines() }
    }

    func restart(_ server: String) -> Bool {
        guard let found = find(server) else { return false }
        found.assumeIsolated { $0.restart() }
        return true
    }

    private var managed: [ManagedServer] {
        supervisor.withLock { $0 }?.assumeIsolated { $0.servers } ?? []
    }

    private func find(_ name: String) -> ManagedServer? {
        managed.first { $0.name == name }
    }
}
