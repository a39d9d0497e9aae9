internal import GatewayConfiguration
internal import Supervision

extension ServerSpecification {
    /// What the supervisor must know of a server in the configuration file.
    init(_ server: ServerConfiguration, limits: Limits) {
        self.init(
            name: server.name,
            launch: Launch(server.kind),
            era: ServerEra(server.era),
            required: server.required,
            startTimeout: server.startTimeout,
            stopTimeout: server.stopTimeout,
            callTimeout: server.callTimeout,
            callMaximum: server.callMaximum,
            questionTimeout: limits.questionAge,
            isolation: Isolation(server.isolation),
            restart: RestartPolicy(
                initial: server.restart.initial, max: server.restart.max, window: server.restart.window,
                attempts: server.restart.attempts),
            probe: ProbePolicy(server.probe),
            messageLimit: limits.messageBytes,
            standardErrorLines: limits.stderrLines,
            standardErrorLineLimit: limits.stderrLineBytes)
    }
}

extension ServerEra {
    fileprivate init(_ era: ServerConfiguration.Era) {
        switch era {
        case .auto: self = .auto
        case .legacy: self = .legacy
        case .modern: self = .modern
        }
    }
}

extension Isolation {
    fileprivate init(_ isolation: IsolationConfiguration) {
        self.init(
            mode: Mode(isolation.mode), isInteractive: isolation.isInteractive, limit: isolation.max,
            idle: isolation.idle)
    }
}

extension Isolation.Mode {
    fileprivate init(_ mode: IsolationConfiguration.Mode) {
        switch mode {
        case .shared: self = .shared
        case .principal: self = .principal
        case .session: self = .session
        }
    }
}

extension ServerSpecification.Launch {
    fileprivate init(_ kind: ServerConfiguration.Kind) {
        switch kind {
        case .process(let process):
            self = .process(
                ProcessCommand(
                    command: process.command, arguments: process.arguments,
                    environment: ProcessEnvironment.inherited(by: process.environment),
                    workingDirectory: process.workingDirectory))
        case .remote(let remote):
            self = .remote(RemoteEndpoint(remote))
        case .builtin(let kind):
            self = .builtin(kind)
        case .invalid(let reason):
            self = .unavailable(reason: reason)
        case .disabled:
            self = .disabled
        }
    }
}

extension RemoteEndpoint {
    fileprivate init(_ remote: RemoteConfiguration) {
        self.init(
            url: remote.url, transport: remote.transport.map(Transport.init), headers: remote.headers,
            tls: TLS(
                caFile: remote.tls.caFile, certificateFile: remote.tls.certificateFile, keyFile: remote.tls.keyFile,
                isInsecure: remote.tls.isInsecure))
    }
}

extension RemoteEndpoint.Transport {
    fileprivate init(_ type: FrontConfiguration.TransportType) {
        switch type {
        case .sse: self = .sse
        case .streamableHTTP: self = .streamableHTTP
        }
    }
}

extension ProbePolicy {
    fileprivate init(_ probe: ProbeConfiguration?) {
        self = probe.map { ProbePolicy(interval: $0.interval, timeout: $0.timeout) } ?? .off
    }
}
