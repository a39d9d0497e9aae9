public import NIOCore
public import Supervision

/// How many tools each server has, asked only when somebody wants to know: once in each of its lives, and again when it
/// has said that they have changed. Lives on the event loop.
public final class ToolCensus {
    private struct Entry {
        let generation: Int
        /// How often it had said that its tools have changed, when it was asked.
        let changes: Int
        /// `nil` while the server has not answered, or if it has none to tell.
        var count: Int?
    }

    private let eventLoop: any EventLoop
    private let patience: TimeAmount
    private var entries: [String: Entry] = [:]

    /// Nothing is known yet.
    ///
    /// - Parameter patience: how long whoever wants to know is kept waiting for servers that do not answer.
    public init(eventLoop: any EventLoop, patience: Duration = .seconds(1)) {
        self.eventLoop = eventLoop
        self.patience = TimeAmount(patience)
    }

    /// The number of tools of a server in its present life, if it is known.
    public func count(of server: ServerSnapshot) -> Int? {
        guard let entry = entries[server.name], entry.generation == server.generation else { return nil }
        return entry.count
    }

    /// Asks the servers that are ready and have not been asked in this life, or not since their tools changed.
    ///
    /// - Parameter done: called once: when all have answered, or are not waited for any longer.
    public func take(
        of servers: [ServerSnapshot], through gateway: Gateway, _ done: @escaping @Sendable () -> Void
    ) {
        let known = Set(servers.map(\.name))
        entries = entries.filter { known.contains($0.key) }
        let fresh = servers.filter { $0.isReady && !isUpToDate($0) }
        guard !fresh.isEmpty else { return done() }
        let waiting = NIOLoopBound(Waiting(count: fresh.count, done: done), eventLoop: eventLoop)
        var listings: [ToolListing] = []
        for server in fresh {
            guard let route = gateway.route(named: server.name) else {
                waiting.value.oneCame()
                continue
            }
            // The old number is better than none until the new one has come.
            entries[server.name] = Entry(
                generation: server.generation, changes: server.toolListChanges, count: count(of: server))
            let census = NIOLoopBound(self, eventLoop: eventLoop)
            listings.append(
                ToolListing.fetch(from: route, of: gateway) { outcome in
                    if case .tools(let tools) = outcome, census.value.isUpToDate(server) {
                        census.value.entries[server.name]?.count = tools.count
                    }
                    waiting.value.oneCame()
                })
        }
        let asked = listings
        eventLoop.assumeIsolated().scheduleTask(in: patience) {
            // A call that waits would make a server look worse than it is.
            for listing in asked { listing.cancel() }
            waiting.value.end()
        }
    }

    private func isUpToDate(_ server: ServerSnapshot) -> Bool {
        guard let entry = entries[server.name] else { return false }
        return entry.generation == server.generation && entry.changes == server.toolListChanges
    }

    /// One who waits until so many have answered.
    private final class Waiting {
        private var count: Int
        private var done: (@Sendable () -> Void)?

        init(count: Int, done: @escaping @Sendable () -> Void) {
            self.count = count
            self.done = done
        }

        func oneCame() {
            count -= 1
            if count == 0 { end() }
        }

        func end() {
            let done = done.take()
            done?()
        }
    }
}
