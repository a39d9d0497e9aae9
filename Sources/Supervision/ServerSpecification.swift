public import MCP

/// What the supervisor must know to run one MCP server. The supervisor compares these to find what a changed
/// configuration changes; it never sees the file.
public struct ServerSpecification: Sendable, Equatable {
    /// The name in the configuration, which is also the route. May have several segments (`team/fetch`).
    public var name: String
    /// How the server is reached.
    public var launch: Launch
    /// How it is opened.
    public var era: ServerEra
    /// Whether the gateway reports ready to systemd only once this server has been ready (or its start has failed).
    public var required: Bool
    /// How long a start may take, from spawn to the answered `initialize`.
    public var startTimeout: Duration
    /// How long each step of the stop sequence may take: after closing stdin, and after SIGTERM.
    public var stopTimeout: Duration
    /// How long a call may go without an answer or a progress notification.
    public var callTimeout: Duration
    /// How long a call may take altogether, however much progress it makes.
    public var callMaximum: Duration
    /// How long a client may take to answer what the server asks it; meanwhile the time of its call does not run.
    public var questionTimeout: Duration
    /// Who shares an instance of it.
    public var isolation: Isolation
    /// What is declared to it as the client's capabilities. What many clients share can be asked nothing.
    public var clientCapabilities: ClientCapabilities
    /// When and how often a server that died is started again.
    public var restart: RestartPolicy
    /// When it is asked whether it lives while nobody calls it. A server that is part of the gateway never is.
    public var probe: ProbePolicy
    /// The longest message taken from the server, in bytes.
    public var messageLimit: Int
    /// How many of the last lines of its stderr are kept.
    public var standardErrorLines: Int
    /// How many bytes of one such line are kept.
    public var standardErrorLineLimit: Int

    /// How a server is reached.
    public enum Launch: Sendable, Equatable {
        /// A child process that speaks MCP on its stdin and stdout.
        case process(ProcessCommand)
        /// A server elsewhere, spoken to over HTTP.
        case remote(RemoteEndpoint)
        /// A server that is part of the gateway, by its kind.
        case builtin(String)
        /// It cannot be started until the configuration changes; the reason is shown to users.
        case unavailable(reason: String)
        /// Switched off in the configuration.
        case disabled
    }

    /// Describes a server; the defaults are those of the configuration file.
    public init(
        name: String,
        launch: Launch,
        era: ServerEra = .auto,
        required: Bool = false,
        startTimeout: Duration = .seconds(120),
        stopTimeout: Duration = .seconds(5),
        callTimeout: Duration = .seconds(300),
        callMaximum: Duration = .seconds(24 * 3600),
        questionTimeout: Duration = .seconds(600),
        isolation: Isolation = Isolation(),
        clientCapabilities: ClientCapabilities = .none,
        restart: RestartPolicy = RestartPolicy(),
        probe: ProbePolicy = ProbePolicy(),
        messageLimit: Int = 64 << 20,
        standardErrorLines: Int = 200,
        standardErrorLineLimit: Int = 8 << 10
    ) {
        self.name = name
        self.launch = launch
        self.era = era
        self.required = required
        self.startTimeout = startTimeout
        self.stopTimeout = stopTimeout
        self.callTimeout = callTimeout
        self.callMaximum = callMaximum
        self.questionTimeout = questionTimeout
        self.isolation = isolation
        self.clientCapabilities = clientCapabilities
        self.restart = restart
        self.probe = probe
        self.messageLimit = messageLimit
        self.standardErrorLines = standardErrorLines
        self.standardErrorLineLimit = standardErrorLineLimit
    }
}

/// A command line and the surroundings it runs in.
public struct ProcessCommand: Sendable, Equatable {
    /// A path, or a name that is looked up in the `PATH` of `environment`.
    public var command: String
    /// The arguments after the command's name. No shell sees them.
    public var arguments: [String]
    /// The whole environment of the process.
    public var environment: [String: String]
    /// The directory it starts in; the gateway's own if `nil`.
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
