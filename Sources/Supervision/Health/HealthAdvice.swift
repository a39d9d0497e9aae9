/// What a person can do about a server that is not well, for each kind of server.
enum HealthAdvice {
    private static let readErrors =
        "look at what it wrote to stderr: mcp-gateway logs, journalctl, or server_stderr of the built-in server"

    /// After a life has ended for this cause; none is known of a server whose block is wrong.
    ///
    /// - Parameter isLasting: whether it is not tried again before something changes.
    static func after(
        _ cause: ExitReport.Cause?, _ launch: ServerSpecification.Launch, isLasting: Bool
    ) -> String? {
        switch launch {
        case .process: cause.map { process($0, isLasting: isLasting) }
        case .remote(let endpoint): cause.map { remote($0, endpoint) }
        case .builtin, .disabled: nil
        case .unavailable: "correct it, see mcp-gateway check-config FILE, and reload the gateway"
        }
    }

    /// While calls wait and nothing comes.
    static func silence(_ launch: ServerSpecification.Launch) -> String? {
        switch launch {
        case .process:
            "\(readErrors); if it is not busy, end its process, or call restart_server of the built-in server"
        case .remote: "look at its own log; if it is not busy, restart it there"
        case .builtin, .unavailable, .disabled: nil
        }
    }

    private static func process(_ cause: ExitReport.Cause, isLasting: Bool) -> String {
        switch cause {
        case .signalled(9):
            "see whether the kernel killed it for want of memory: journalctl -k"
        case .notStarted where isLasting:
            #"install it, or correct "command" or the PATH in its "env""#
        case .notStarted:
            #"see whether the machine lacks memory, processes or open files, and whether its "cwd" is there"#
        case .handshakeFailed:
            #"check that "command" and "args" start an MCP server over stdio; if it only needs longer, raise "#
                + #""startTimeout""#
        case .exited, .signalled, .unreachable, .unauthorized, .connectionLost:
            readErrors
        }
    }

    private static func remote(_ cause: ExitReport.Cause, _ endpoint: RemoteEndpoint) -> String {
        switch cause {
        case .unauthorized:
            #"check the Authorization in "headers""#
        case .handshakeFailed:
            #"check that "url" is the address of an MCP server, and "transportType""#
        case .notStarted:
            #"correct its "url", "headers" or "tls", and reload the gateway"#
        case .unreachable, .connectionLost, .exited, .signalled:
            endpoint.origin.map { "check that it listens there: curl -v \($0)" }
                ?? #"check that it listens at its "url""#
        }
    }
}
