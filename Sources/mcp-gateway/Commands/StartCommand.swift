internal import ArgumentParser

/// `mcp-gateway start NAME`.
struct StartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Starts a server of the running gateway, also one that was stopped or has failed.",
        discussion: """
            Waits until it is ready, and exits with 1 if it does not become so at once. A server that has failed goes on being tried.
            """)

    @OptionGroup
    var order: ServerOrder

    func run() throws {
        try order.carryOut(.start)
    }
}
