internal import Logging
internal import Spawn

extension ProcessSpawner {
    /// A spawner whose processes, and all of their groups, die with the gateway however that ends.
    static func guarded(logger: Logger) throws(SpawnFailure) -> ProcessSpawner {
        try ProcessSpawner(guardedBy: .current(name: Product.name)) { news in
            switch news {
            case .started(let processID):
                logger.info("guard started", metadata: ["pid": "\(processID)"])
            case .ended(let status):
                logger.warning(
                    "the guard has ended; until the next one runs, what servers forked would outlive a killed gateway",
                    metadata: ["status": "\(status)"])
            case .cannotStart(let failure):
                logger.error(
                    "cannot start the guard; what servers forked would outlive a killed gateway",
                    metadata: ["error": "\(failure)"])
            }
        }
    }
}
