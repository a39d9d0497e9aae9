/// One entry of `mcpServers`, with what it inherits filled in.
public struct ServerConfiguration: Sendable, Equatable {
    /// The key in `mcpServers`, which is also the route. May have several segments (`team/fetch`).
    public var name: String
    /// How the server is reached, or why it is not.
    public var kind: Kind
    /// How the server is opened.
    public var era: Era
    /// The effective options, after inheritance.
    public var options: ServerOptions
    /// Whether the gateway reports ready only once this server has been ready or has used up its start timeout.
    public var required: Bool
    /// How long a start may take, until `initialize` is answered.
    public var startTimeout: Duration
    /// How long each step of a stop may take.
    public var stopTimeout: Duration
    /// How long a call may go without an answer or a progress notification.
    public var callTimeout: Duration
    /// How long a call may take altogether, however much progress it makes.
    public var callMaximum: Duration
    /// When a server that died is started again.
    public var restart: RestartConfiguration
    /// How an idle server is asked whether it lives; not at all if `nil`.
    public var probe: ProbeConfiguration?
    /// Who shares an instance of it.
    public var isolation: IsolationConfiguration
    /// How it appears where servers appear together.
    public var exposure: ExposureConfiguration

    /// How a server is reached, or why it is not.
    public enum Kind: Sendable, Equatable {
        /// A child process that speaks MCP on stdin and stdout.
        case process(ProcessConfiguration)
        /// A server elsewhere, spoken to over HTTP.
        case remote(RemoteConfiguration)
        /// A server inside the gateway, by its name; `gateway` is the only one.
        case builtin(String)
        /// Its block holds mistakes; the first as `file:line:column: what, and what to do`.
        case invalid(reason: String)
        /// Switched off by `options.disabled`.
        case disabled
    }

    /// How a server is opened.
    public enum Era: String, Sendable, Equatable, CaseIterable {
        /// That is found out, by asking it.
        case auto
        /// With `initialize`: MCP 2025-11-25 and earlier.
        case legacy
        /// Without: MCP 2026-07-28 and later.
        case modern
    }

    /// Describes a server; the defaults are those of the file.
    public init(
        name: String,
        kind: Kind,
        era: Era = .auto,
        options: ServerOptions = ServerOptions(),
        required: Bool = false,
        startTimeout: Duration = .seconds(120),
        stopTimeout: Duration = .seconds(5),
        callTimeout: Duration = .seconds(300),
        callMaximum: Duration = .seconds(24 * 3600),
        restart: RestartConfiguration = RestartConfiguration(),
        probe: ProbeConfiguration? = ProbeConfiguration(),
        isolation: IsolationConfiguration = IsolationConfiguration(),
        exposure: ExposureConfiguration = ExposureConfiguration()
    ) {
        self.name = name
        self.kind = kind
        self.era = era
        self.options = options
        self.required = required
        self.startTimeout = startTimeout
        self.stopTimeout = stopTimeout
        self.callTimeout = callTimeout
        self.callMaximum = callMaximum
        self.restart = restart
        self.probe = probe
        self.isolation = isolation
        self.exposure = exposure
    }
}

/// A command line and what the file says about its surroundings.
public struct ProcessConfiguration: Sendable, Equatable {
    /// A path, or a name to be looked up in `PATH`. Never empty.
    public var command: String
    /// The arguments after the command's name. No shell sees them.
    public var arguments: [String]
    /// The configured variables only; whoever starts the process puts them over a base environment.
    public var environment: [String: String]
    /// The directory to start in; the gateway's own if `nil`.
    public var workingDirectory: String?

    /// Describes a command line.
    public init(
        command: String, arguments: [String] = [], environment: [String: String] = [:], workingDirectory: String? = nil
    ) {
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}
