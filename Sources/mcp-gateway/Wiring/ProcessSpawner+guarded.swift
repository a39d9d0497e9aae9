internal import GatewayLog
internal import Logging
internal import Spawn

extension ProcessSpawner {
    /// A spawner whose processes, and all of their groups, die with the gateway however that ends.
    static func guarded(logger: Logger) throws(SpawnFailure) -> ProcessSpawner {
        try ProcessSpawner(guardedBy: .current(name: Product.name)) { news in
            switch news {
            case .started(let processID):
                logger.log(.guardStarted, [.pid: "\(processID)"])
            case .ended(let status):
                logger.log(.guardEnded, [.reason: "\(status)"])
            case .cannotStart(let failure):
                logger.log(.guardFailed, [.reason: "\(failure)"])
            }
        }
    }
}
