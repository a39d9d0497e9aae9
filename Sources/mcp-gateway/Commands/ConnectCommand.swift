internal import ArgumentParser
internal import Bridge
internal import Curl
internal import GatewayLog
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Supervision
internal import UnixSignals
internal import Upstreams

/// `mcp-gateway connect URL`: a stdio server for clients that speak nothing else, which is the server at the URL.
struct ConnectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connects a client that speaks stdio only to a server over HTTP, this gateway's or any other.",
        discussion: """
            To be started by the client, in the place of a server: MCP goes over stdin and stdout, the log to stderr. \
            Whether the URL is one of streamable HTTP or of HTTP+SSE is found out. When the connection breaks it is \
            opened again, and the client keeps its session; calls that were on their way get an error, and those that \
            come meanwhile wait for five seconds. Ends when stdin is closed, once what was asked is answered, within \
            five seconds, or with SIGTERM.

            Exits with 0 then, with 69 if the server cannot be reached or is none, with 77 if it refuses the token, and \
            with 1 if the client does not read what it is sent.
            """)

    @Argument(help: "Where the server is, such as http://linuxserver.lan:9090/time/mcp.")
    var url: String

    @Option(help: "The environment variable that holds the token.")
    var tokenEnv: String?

    @Option(
        help:
            "A header to send along, as \"Name: value\"; may be given several times. Others can see it in the list of processes."
    )
    var header: [String] = []

    @Option(help: "The certificates to trust instead of the system's, as PEM.", completion: .file())
    var caFile: String?

    @Flag(help: "Trust any certificate.")
    var insecure = false

    @Option(help: "The least severe log entries that are written: trace, debug, info, warning, error.")
    var logLevel = LogLevel.info

    func validate() throws {
        guard (try? HTTPURL(url)) != nil else {
            throw ValidationError(
                "The URL must begin with http:// or https://, such as http://linuxserver.lan:9090/mcp.")
        }
        if let tokenEnv {
            guard tokenEnv.isVariableName else {
                throw ValidationError("--token-env is the name of a variable, such as MCP_GATEWAY_TOKEN.")
            }
            guard !(ProcessEnvironment.current[tokenEnv] ?? "").isEmpty else {
                throw ValidationError("The environment variable \(tokenEnv) (--token-env) is not set, or empty.")
            }
        }
        for text in header where Self.field(text) == nil {
            throw ValidationError("--header must be like \"Name: value\".")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let log = LogQueue(LineSink(.text, isJournal: false, write: StandardError.write))
        LoggingSystem.bootstrap { [level = logLevel.level] _ in QueuedLogHandler(log, level: level) }
        let end = try await bridge()
        log.flush()
        if let reason = end.reason { StandardError.write("mcp-gateway: \(Terminal.harmlessError(reason))\n") }
        throw end.exitCode
    }

    private func bridge() async throws -> BridgeEnd {
        // Never shut down: stdin may still be read, and what comes of it has to go somewhere until the process ends.
        let eventLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let client = try HTTPClient()
        let output = ClientOutput(STDOUT_FILENO)
        let bridge = Bridge(
            Bridge.Settings(
                specification: specification, connector: { Self.connector(client, for: $0) },
                logger: Logger(label: Product.name)),
            output: output, on: eventLoop)
        ClientInput.read(STDIN_FILENO, into: bridge, on: eventLoop)
        let end = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { await bridge.stop() }
            }
            group.addTask {
                for await failure in output.failures {
                    switch failure {
                    case .closed: await bridge.stop()
                    case .stuck: await bridge.clientIsStuck()
                    }
                }
            }
            let end = await bridge.run()
            group.cancelAll()
            return end
        }
        client.shutdown()
        output.flush()
        return end
    }

    /// What is at the other end decides how long a call may take, so nothing here does. It is cheap to look often
    /// whether it is back.
    private var specification: ServerSpecification {
        var fields = Dictionary(header.compactMap(Self.field)) { _, last in last }
        if let tokenEnv, let token = ProcessEnvironment.current[tokenEnv] {
            fields["Authorization"] = "Bearer \(token)"
        }
        return ServerSpecification(
            // Without what may be a key.
            name: (try? HTTPURL(url))?.description ?? "the server",
            launch: .remote(
                RemoteEndpoint(url: url, headers: fields, tls: RemoteEndpoint.TLS(caFile: caFile, isInsecure: insecure))
            ),
            callTimeout: .seconds(24 * 3600), questionTimeout: .seconds(24 * 3600),
            restart: RestartPolicy(initial: .milliseconds(250), max: .seconds(2), exhaustedInterval: .seconds(2)))
    }

    private static func connector(_ client: HTTPClient, for stdio: BridgeClient) -> RemoteConnector {
        RemoteConnector(
            client: client, gatewayName: stdio.name ?? Product.name, gatewayVersion: stdio.version ?? Product.version,
            userAgent: "\(Product.name)/\(Product.version)", prefersSessions: !stdio.isModern,
            names: .options)
    }

    private static func field(_ text: String) -> (String, String)? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let name = text[..<colon]
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        let isPlain = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !value.utf8.contains { $0 < 0x20 }
        return name.isEmpty || !isPlain ? nil : (String(name), String(value))
    }
}

extension BridgeEnd {
    /// What is said at the end on stderr.
    fileprivate var reason: String? {
        switch self {
        case .finished: nil
        case .unreachable(let reason), .unauthorized(let reason), .unusable(let reason): reason
        case .clientStuck: "the client does not read what it is sent"
        }
    }

    fileprivate var exitCode: ExitCode {
        switch self {
        case .finished: .success
        case .unreachable, .unusable: .unavailable
        case .unauthorized: .noPermission
        case .clientStuck: .failure
        }
    }
}
