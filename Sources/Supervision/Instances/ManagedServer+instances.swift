// What a server is for its pool.

extension ManagedServer {
    /// Another instance of the same server, not started yet.
    ///
    /// - Parameter number: tells it from the others in the log.
    func sibling(_ specification: ServerSpecification, role: InstanceRole, number: Int) -> ManagedServer {
        let server = ManagedServer(
            specification, on: eventLoop, connector: connector, role: role, repairInterval: repairInterval,
            logName: "\(name)#\(number)", logger: logger)
        let description = description
        server.assumeIsolated { $0.description = description }
        return server
    }

    /// Whether somebody would miss it.
    var isInUse: Bool {
        !(multiplexer.isEmpty && waitingRoom.isEmpty && questions.isEmpty && subscriptions.isEmpty)
    }

    /// Whether nobody uses it, and it is at work on nothing that was given up: what it asked then would be for nobody.
    var isAtRest: Bool { !isInUse && multiplexer.echoes.isEmpty(now: now) }
}
