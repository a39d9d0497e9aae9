internal import ArgumentParser
internal import GatewayConfiguration
internal import Glibc
internal import JSONRPC
internal import NIOCore
internal import Synchronization

/// `mcp-gateway doctor`: whether every server can be started, as the user and with the `PATH` of the service.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tells of each server which program it is, whether it can be started, and how soon it is ready.",
        discussion: """
            If a gateway runs, it is asked. If none does, or --config is given, each server is started once and stopped \
            again, without a gateway. Exits with 0 if all are well, 1 if one is not, 78 if the configuration cannot be \
            used.

            As root, the servers of /etc/mcp-gateway are tried as the user mcp-gateway and with the PATH that systemd \
            gives a service, but without the sandbox of its unit.
            """)

    @Option(
        name: [.long, .customShort("c")],
        help: "The configuration to try. The default is /etc/mcp-gateway/config.json, or else config.json.",
        completion: .file(extensions: ["json", "jsonc"]))
    var config: String?

    @Option(help: "The user as whom servers are tried; only root can choose.")
    var user: String?

    @Flag(help: "As JSON: checkedBy (gateway or trial), user, path, and servers as in the admin API, each with ok.")
    var json = false

    @OptionGroup
    var control: ControlOptions

    func run() async throws {
        if let user, ServiceAccount(name: user) == nil {
            StandardError.write("mcp-gateway: there is no user \(user); name another with --user, or leave it out\n")
            throw ExitCode.usage
        }
        if config == nil, user == nil {
            do throws(ControlFailure) {
                try report(askedOf: ControlClient(path: control.path()))
            } catch {
                // Whoever may not ask the service should not be told about another gateway instead.
                guard error.isNotRunning else { throw error.told }
            }
        }
        try await tryOut(config ?? ConfigurationFile.standardPath)
    }

    // MARK: With a gateway

    private func report(askedOf client: ControlClient) throws(ControlFailure) -> Never {
        let status = try client.get("status")
        var reports: [DoctorReport] = []
        for server in status["servers"]?.elements ?? [] {
            let name = ControlClient.segment(ServerView(json: server).name)
            reports.append(DoctorReport(server: ServerView(json: try client.get("servers/\(name)"))))
        }
        if !json {
            Terminal.write("asking the gateway that runs on \(status["configuration"]?.string ?? "?")\n")
            for report in reports { Terminal.write(report.text) }
        }
        finish(reports, checkedBy: "gateway", path: nil)
    }

    // MARK: Without one

    private func tryOut(_ file: String) async throws {
        let configuration = try load(file)
        var environment = ProcessEnvironment.current
        if let account = try account(for: file) {
            guard account.assume() else {
                StandardError.write(
                    "mcp-gateway: cannot become user \(account.name): \(String(cString: strerror(errno)))\n")
                throw ExitCode.noPermission
            }
            environment["PATH"] = ServiceAccount.path
            environment["HOME"] = account.home
        }
        let path = environment["PATH"] ?? ""
        if !json {
            Terminal.write("trying \(file) as user \(ServiceAccount.current), PATH \(path)\n")
        }
        let reports = Mutex<[DoctorReport]>([])
        let isQuiet = json
        try await TrialRun(configuration: configuration.surrounded(by: environment)) { server in
            let report = DoctorReport(server: server)
            reports.withLock { $0.append(report) }
            if !isQuiet { Terminal.write(report.text) }
        }.run()
        finish(reports.withLock(\.self), checkedBy: "trial", path: path)
    }

    private func load(_ file: String) throws -> Configuration {
        do throws(ConfigurationFailure) {
            let (configuration, diagnostics) = try ConfigurationFile(path: file).decode()
            for diagnostic in diagnostics { StandardError.write("\(diagnostic)\n") }
            return configuration
        } catch {
            StandardError.write("\(error)\n")
            throw ExitCode.configuration
        }
    }

    /// Whom to become, if anybody else.
    private func account(for file: String) throws -> ServiceAccount? {
        guard
            let name = user
                ?? (geteuid() == 0 && file.hasPrefix(ConfigurationFile.serviceDirectory)
                    ? ServiceAccount.standardName : nil)
        else { return nil }
        return ServiceAccount(name: name)
    }

    /// Says the rest, and ends the program.
    private func finish(_ reports: [DoctorReport], checkedBy checker: String, path: String?) -> Never {
        if json {
            let members: [(key: String, value: ByteBuffer)] = [
                ("checkedBy", JSONText.quotedBuffer(checker)),
                ("user", path == nil ? ByteBuffer(string: "null") : JSONText.quotedBuffer(ServiceAccount.current)),
                ("path", path.map(JSONText.quotedBuffer) ?? ByteBuffer(string: "null")),
                ("servers", JSONText.array(reports.map(\.json))),
            ]
            Terminal.write(Terminal.json(JSONValue(JSONText.object(members))))
        }
        Self.exit(withError: reports.contains(where: \.isBad) ? ExitCode.failure : ExitCode.success)
    }
}

extension Configuration {
    /// The same with these variables under those of each server.
    fileprivate func surrounded(by environment: [String: String]) -> Configuration {
        var configuration = self
        configuration.servers = servers.map { server in
            guard case .process(var process) = server.kind else { return server }
            let own = ["PATH", "HOME"].reduce(into: [String: String]()) { $0[$1] = environment[$1] }
            process.environment = own.merging(process.environment) { _, configured in configured }
            var server = server
            server.kind = .process(process)
            return server
        }
        return configuration
    }
}
