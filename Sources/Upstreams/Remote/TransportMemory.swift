internal import NIOCore
internal import Supervision
internal import Synchronization

/// Which way of opening was found where, so that a server that comes back is not asked again. Forgotten with the process,
/// and after some days: a server may have learned to do without `initialize`, and would never say so.
final class TransportMemory: Sendable {
    /// More places than that are not remembered; the oldest is forgotten.
    private static let capacity = 256
    private static let lifetime = TimeAmount.hours(7 * 24)

    private struct Entry {
        let endpoint: RemoteEndpoint
        let attempt: TransportDetection.Attempt
        let since: NIODeadline
    }

    private let found = Mutex<[Entry]>([])

    /// What was found there last.
    func attempt(at endpoint: RemoteEndpoint, now: NIODeadline = .now()) -> TransportDetection.Attempt? {
        found.withLock { $0.first { $0.endpoint == endpoint && now - $0.since < Self.lifetime } }?.attempt
    }

    /// Remembers it, or forgets what was there if `nil`.
    func remember(_ attempt: TransportDetection.Attempt?, at endpoint: RemoteEndpoint, now: NIODeadline = .now()) {
        found.withLock { found in
            // What is found again and again is asked for again all the same.
            if let known = found.first(where: { $0.endpoint == endpoint }), known.attempt == attempt,
                now - known.since < Self.lifetime
            {
                return
            }
            found.removeAll { $0.endpoint == endpoint }
            guard let attempt else { return }
            if found.count == Self.capacity { found.removeFirst() }
            found.append(Entry(endpoint: endpoint, attempt: attempt, since: now))
        }
    }
}
