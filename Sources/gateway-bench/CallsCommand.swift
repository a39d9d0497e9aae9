internal import ArgumentParser
internal import NIOCore
internal import NIOPosix

/// `gateway-bench calls`: a known number of calls to a gateway that runs already, for `scripts/instructions.sh`.
struct CallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract:
            "Makes calls to /bench over one session and one connection, one after another, and checks the answers.")

    @Option(help: "Where the gateway listens on 127.0.0.1. It is waited for.")
    var port: Int

    @Option(help: "How many calls.")
    var count: Int

    @Option(help: "The length of their text in bytes.")
    var bytes = 64

    @Flag(help: "Call over HTTP+SSE instead of streamable HTTP.")
    var legacy = false

    @Flag(help: "Call as clients of MCP 2026-07-28 do, without a session.")
    var modern = false

    func validate() throws {
        if legacy, modern { throw ValidationError("--legacy and --modern exclude each other") }
    }

    func run() async throws {
        let clients = LoadGenerator(on: MultiThreadedEventLoopGroup(numberOfThreads: 1).next())
        let target = try Target(port: port)
        let transport: Transport = legacy ? .legacy : modern ? .modern : .streamable
        // Under valgrind everything takes fifty times as long.
        try await clients.untilToolsAreListed(target, patience: .seconds(60))
        try await clients.call(target, transport, count: count, textSize: bytes)
    }
}
