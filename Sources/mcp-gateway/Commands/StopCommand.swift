internal import ArgumentParser

/// `mcp-gateway stop NAME`.
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stops a server of the running gateway.",
        discussion: """
            It stays down until it is started again, or the gateway is. Its clients keep their sessions, and calls get an error.
            """)

    @OptionGroup
    var order: ServerOrder

    func run() throws {
        try order.carryOut(.stop)
    }
}
