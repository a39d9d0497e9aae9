internal import NIOCore
internal import NIOPosix
internal import Spawn

/// The servers under measurement, where they run and how they are told apart.
struct Bench: Sendable {
    /// The gateway's executable.
    let gateway: String
    /// The core of the gateway and of the server that is called directly.
    let serverCore: Int?
    /// The core of the load generator, and of the server behind the gateway.
    let clientCore: Int?
    let eventLoop: any EventLoop
    let spawner: ProcessSpawner
    /// Where the gateway's configuration is written; whoever makes a bench removes it.
    let configuration = File.temporaryPath("gateway-bench.json")

    private var echo: [String] { [File.ownExecutable, "echo-server"] }

    /// Starts the gateway with the echo server behind it, and does not wait for either.
    func startGateway() async throws -> (process: ServerProcess, subject: LoadGenerator.Subject) {
        let port = try await freePort()
        try File.write(text(port: port), to: configuration)
        let process = try await ServerProcess.start(
            [gateway, "--config", configuration, "--log-level", "warning"], core: serverCore, with: spawner,
            on: eventLoop)
        return (process, .init(target: try Target(port: port), processID: process.processID))
    }

    /// Starts the echo server that is called without a gateway.
    func startDirect() async throws -> (process: ServerProcess, subject: LoadGenerator.Subject) {
        let port = try await freePort()
        let process = try await ServerProcess.start(
            echo + ["--http", String(port)], core: serverCore, with: spawner, on: eventLoop)
        return (process, .init(target: try Target(port: port), processID: process.processID))
    }

    private func text(port: Int) -> String {
        let command = Pinning.command(echo, core: clientCore)
        let arguments = command.dropFirst().map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            {
              "mcpProxy": { "addr": "127.0.0.1:\(port)", "baseURL": "http://127.0.0.1:\(port)" },
              "mcpServers": { "bench": { "command": "\(command[0])", "args": [\(arguments)] } }
            }
            """
    }

    /// Not one of those that the system gives to clients: whoever tries to connect to such a port of its own machine
    /// before anybody listens can be given the same one, and is then connected to itself.
    private func freePort() async throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 20_000..<30_000)
            guard let channel = try? await ServerBootstrap(group: eventLoop).bind(host: "127.0.0.1", port: port).get()
            else { continue }
            try await channel.close()
            return port
        }
        throw BenchFailure("there is no free port")
    }
}
