public import Supervision
internal import Synchronization

/// Where it is kept over restarts of the gateway how servers turned out to be spoken to.
public protocol EraStore: Sendable {
    /// What this server was last, and in how many seconds since 1970 that was found out.
    func era(of specification: ServerSpecification) -> (era: RememberedEra, seconds: Int)?
    /// Keeps that, or forgets it if `nil`. Returns at once.
    func keep(_ era: RememberedEra?, of specification: ServerSpecification, seconds: Int)
}

/// How a server turned out to be opened.
public enum RememberedEra: String, Sendable {
    /// With `initialize`.
    case legacy
    /// Not at all: MCP 2026-07-28 and later.
    case modern
}

/// What servers over stdio turned out to be, so that one that does not understand `server/discover` is asked only once.
final class EraMemory: Sendable {
    /// After so long a server is asked again: a legacy one may have been updated, and would never say so.
    static let lifetime = 7 * 24 * 60 * 60
    /// More servers than that are not remembered without a store; the oldest is forgotten.
    private static let capacity = 256

    private let store: (any EraStore)?
    /// The time in seconds since 1970.
    private let clock: @Sendable () -> Int
    private let found = Mutex<[Entry]>([])

    private struct Entry {
        let name: String
        let launch: ServerSpecification.Launch
        let era: RememberedEra
        let seconds: Int
    }

    init(store: (any EraStore)?, clock: @escaping @Sendable () -> Int) {
        self.store = store
        self.clock = clock
    }

    /// What this server was last, when it was run in the same way.
    func era(of specification: ServerSpecification) -> RememberedEra? {
        let entry = found.withLock { $0.first { $0.name == specification.name && $0.launch == specification.launch } }
        let known = entry.map { ($0.era, $0.seconds) } ?? store?.era(of: specification)
        guard let (era, seconds) = known, clock() - seconds < Self.lifetime else { return nil }
        return era
    }

    /// Remembers what it turned out to be, or forgets that if `nil`.
    func remember(_ era: RememberedEra?, of specification: ServerSpecification) {
        let seconds = clock()
        // A server that is started again and again need not be written down each time.
        guard era != self.era(of: specification) else { return }
        found.withLock { found in
            found.removeAll { $0.name == specification.name }
            guard let era else { return }
            if found.count == Self.capacity { found.removeFirst() }
            found.append(Entry(name: specification.name, launch: specification.launch, era: era, seconds: seconds))
        }
        store?.keep(era, of: specification, seconds: seconds)
    }
}
