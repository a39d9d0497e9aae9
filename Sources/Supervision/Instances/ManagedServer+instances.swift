// What a server is for its pool.

extension ManagedServer {
    /// Another instance of the same server, not started yet.
    ///
    /// - Parameter number: tells it from the others in the log.
    func sibling(_ specification: ServerSpecification, role: InstanceRole, number: Int) -> ManagedServer {
        ManagedServer(
            specification, on: eventLoop, connector: connector, role: role, repairInterval: repairInterval,
            logName: "\(name)#\(number)", logger: logger)
    }

    /// Whether somebody would miss it.
    var isInUse: Bool {
        !(multiplexer.isEmpty && waitingRoom.isEmpty && questions.isEmpty && subscriptions.isEmpty)
    }
}
