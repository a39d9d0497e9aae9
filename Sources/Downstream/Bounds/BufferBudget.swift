internal import GatewayLog
internal import Logging

/// A client connection, as far as bytes wait in memory for it.
protocol BufferHolder: AnyObject {
    /// How many bytes wait now.
    var heldBytes: Int { get }
    /// How many the budget has counted. Only the budget changes it.
    var countedBytes: Int { get set }
    /// Lets go of all of them and closes the connection. From then on it holds none.
    func giveUp()
}

/// What is in memory only because it might still be asked for.
protocol ExpendableBuffers: AnyObject {
    /// How many bytes these are now.
    var bytes: Int { get }
    /// Lets go of so many, or all.
    func forget(_ bytes: Int)
}

/// Bounds what waits in memory for all clients together: requests that are being received, and answers and events that
/// have not been read. Where it is exceeded, whoever holds the most is disconnected. Lives on the event loop.
final class BufferBudget {
    private let limit: Int
    private let logger: Logger
    /// Those who hold anything.
    private var holders: [ObjectIdentifier: any BufferHolder] = [:]
    private let expendable: (any ExpendableBuffers)?
    private var heldBytes = 0
    /// What all of them hold, in bytes, with what is expendable.
    var total: Int { heldBytes + (expendable?.bytes ?? 0) }

    /// - Parameter expendable: counts too, and goes before anybody is disconnected.
    init(limit: Int, logger: Logger, expendable: (any ExpendableBuffers)? = nil) {
        self.limit = limit
        self.logger = logger
        self.expendable = expendable
    }

    /// Counts anew what one connection holds.
    func update(_ holder: any BufferHolder) {
        count(holder, holder.heldBytes)
        check()
    }

    /// To be called when there is more that is expendable.
    func check() {
        if total > limit { relieve() }
    }

    private func count(_ holder: any BufferHolder, _ bytes: Int) {
        guard bytes != holder.countedBytes else { return }
        heldBytes += bytes - holder.countedBytes
        holder.countedBytes = bytes
        holders[ObjectIdentifier(holder)] = bytes > 0 ? holder : nil
    }

    private func relieve() {
        // Nobody tells when a client reads on, so some may hold less than was counted.
        for holder in Array(holders.values) { count(holder, holder.heldBytes) }
        if total > limit { expendable?.forget(total - limit) }
        while total > limit, let largest = holders.values.max(by: { $0.countedBytes < $1.countedBytes }) {
            logger.log(.clientTooGreedy, [.limit: "\(limit)", .bytes: "\(largest.countedBytes)"])
            count(largest, 0)
            largest.giveUp()
        }
    }
}
