import GatewayCore
import JSONRPC
import Logging
import NIOCore
import NIOPosix
import Supervision
import Synchronization
import TestSupport
import Testing

@Suite struct BuiltinServerTests {
    @Test("it lists the servers, tells about one, and names them when asked for one that is not there")
    func reading() async throws {
        try await withSession(as: .anonymous) { session, _ in
            let list = try await session.send(Lines.call("list_servers")).nextText()
            #expect(list.contains("git: backing-off") && list.contains(#""structuredContent":{"servers":["#))
            let status = try await session.send(Self.call("server_status", server: "git")).nextText()
            for answer in [list, status] {
                #expect(answer.contains(#""health":{"level":"unhealthy","summary":"ends before it is ready","#))
                #expect(answer.contains(#"\n  unhealthy: ends before it is ready\n  to do: look at what it wrote"#))
                #expect(answer.contains(#","suggestedAction":"look at what it wrote to stderr: "#))
            }
            #expect(list.contains(#""health":{"level":"healthy","summary":"ready"}"#))
            #expect(
                !list.contains("fatal") && !status.contains("fatal"), "that is stderr, which only its operator sees")
            #expect(status.contains("life 1 ended") && status.contains("exited with status 7"))
            let unknown = try await session.send(Self.call("server_status", server: "nope")).nextText()
            #expect(unknown.contains(#""isError":true"#) && unknown.contains("there are gateway, git"))
            #expect(try await session.send(Lines.call("server_status")).nextText().contains(#""isError":true"#))
        }
    }

    @Test("what shows stderr or acts is neither listed nor called for somebody unknown")
    func guarded() async throws {
        try await withSession(as: .anonymous) { session, administration in
            let list = try await session.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).nextText()
            #expect(list.contains("list_servers") && list.contains("server_status"))
            #expect(!list.contains("server_stderr") && !list.contains("restart_server"))
            let refusal = try await session.send(Self.call("restart_server", server: "git")).nextText()
            #expect(refusal.contains("-32602"))
            #expect(administration.restarted.withLock { $0 } == [])
        }
    }

    @Test(
        "the holder of a token and a program on this machine see everything, but cannot restart the gateway itself",
        arguments: [Principal.token(index: 0), .local])
    func trusted(principal: Principal) async throws {
        try await withSession(as: principal) { session, administration in
            let list = try await session.send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).nextText()
            #expect(list.contains("server_stderr") && list.contains("restart_server"))
            let lines = try await session.send(Self.call("server_stderr", server: "git")).nextText()
            #expect(lines.contains(#"fatal: \"x\""#))
            _ = try await session.send(Self.call("restart_server", server: "git")).nextText()
            let refusal = try await session.send(Self.call("restart_server", server: "gateway")).nextText()
            #expect(refusal.contains(#""isError":true"#))
            #expect(administration.restarted.withLock { $0 } == ["git"])
        }
    }

    private static func call(_ tool: String, server: String) -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":{"server":"\#(server)"}}}"#
    }

    /// Runs `body` with an initialized session of the built-in server, beside a server `git` that has just died.
    private func withSession(
        as principal: Principal, _ body: (ClientSession, RecordingAdministration) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let eventLoop = group.next()
        let git = ManagedServer(
            ServerSpecification(name: "git", launch: .process(ProcessCommand(command: "git"))), on: eventLoop,
            connector: ScriptedConnector { connection in
                connection.emit(.standardError(line: #"fatal: "x""#))
                connection.emit(.ended(.exited(status: 7), isPermanent: false))
            }, logger: logger)
        let died = AsyncStream.makeStream(of: Void.self)
        await git.observe { if $0.phase == .backingOff { died.continuation.yield() } }
        await git.start()
        _ = await died.stream.first { true }

        let administration = RecordingAdministration(others: [git])
        let server = ManagedServer(
            ServerSpecification(name: "gateway", launch: .builtin(BuiltinConnector.name)), on: eventLoop,
            connector: BuiltinConnector(administration: administration, gatewayVersion: "1"), logger: logger)
        administration.own.withLock { $0 = server }
        await server.start()
        let route = Route(
            name: "gateway", server: InstancePool(server), access: AccessRules(tokens: []),
            guardedTools: Route.guardedBuiltinTools)
        let gateway = Gateway(eventLoop: eventLoop, routes: [route])
        let session = try await gateway.openSession(on: route, principal: principal)
        _ = try await session.send(Lines.initialize("2025-06-18")).next()
        try await body(session, administration)
        await gateway.closeAllSessions()
        for server in [server, git] {
            await server.leave()
            await server.untilGone()
        }
        // The server holds the connector, and that the administration.
        administration.own.withLock { $0 = nil }
        try await group.shutdownGracefully()
    }
}

/// Administration of two servers, which only notes what is to be restarted.
private final class RecordingAdministration: Administration {
    let own = Mutex<ManagedServer?>(nil)
    let restarted = Mutex<[String]>([])
    private let others: [ManagedServer]

    init(others: [ManagedServer]) {
        self.others = others
    }

    private var all: [ManagedServer] { [own.withLock { $0 }].compactMap(\.self) + others }

    func servers() -> [ServerSnapshot] {
        all.map { server in server.assumeIsolated { $0.snapshot() } }
    }

    func pastLives(of server: String) -> [PastLife]? {
        all.first { $0.name == server }?.assumeIsolated { $0.pastLives() }
    }

    func standardErrorLines(of server: String) -> [String]? {
        all.first { $0.name == server }?.assumeIsolated { $0.standardErrorLines() }
    }

    func restart(_ server: String) -> Bool {
        restarted.withLock { $0.append(server) }
        return true
    }
}
