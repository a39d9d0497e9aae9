internal import Supervision
internal import Synchronization

/// Which transport was found where, so that a server that comes back is not asked again. Forgotten with the process.
final class TransportMemory: Sendable {
    /// More places than that are not remembered; the oldest is forgotten.
    private static let capacity = 256

    private let found = Mutex<[(endpoint: RemoteEndpoint, transport: RemoteEndpoint.Transport)]>([])

    /// What was found there last.
    func transport(at endpoint: RemoteEndpoint) -> RemoteEndpoint.Transport? {
        found.withLock { found in found.first { $0.endpoint == endpoint }?.transport }
    }

    /// Remembers it, or forgets what was there if `nil`.
    func remember(_ transport: RemoteEndpoint.Transport?, at endpoint: RemoteEndpoint) {
        found.withLock { found in
            found.removeAll { $0.endpoint == endpoint }
            guard let transport else { return }
            if found.count == Self.capacity { found.removeFirst() }
            found.append((endpoint, transport))
        }
    }
}
