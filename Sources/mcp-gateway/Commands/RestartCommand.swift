internal import ArgumentParser

/// `mcp-gateway restart NAME`.
struct RestartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Stops a server of the running gateway and starts it again.",
        discussion: """
            Waits until it is ready again, and exits with 1 if it does not become so at once. Calls in flight on it get an error.
            """)

    @OptionGroup
    var order: ServerOrder

    func run() throws {
        try order.carryOut(.restart)
    }
}
