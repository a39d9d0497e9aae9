import Downstream
import GatewayCore
import GatewayLog
import Glibc
import JSONRPC
import Logging
import NIOCore
import Supervision
import Synchronization
import TestSupport
import Testing

@Suite("the admin API", .timeLimit(.minutes(1)))
struct AdminAPITests {
    private static let bearer = ["Authorization": "Bearer operator"]

    private static func settings(tokens: [String]?, _ control: RecordingControl = RecordingControl()) -> FrontSettings {
        var settings = TestGateway.patient
        if let tokens { settings.admin = AdminDoor(control, access: .tokens(AccessRules(tokens: tokens))) }
        return settings
    }

    @Test("without tokens it does not exist over the network, whoever asks")
    func absent() async throws {
        for settings in [Self.settings(tokens: nil), Self.settings(tokens: [])] {
            try await TestGateway.run(settings: settings) { gateway in
                for headers in [[:], Self.bearer] {
                    let status = try await gateway.exchange("GET", "/api/v1/status", headers).status
                    #expect(status == (settings.admin == nil ? 404 : 401))
                }
            }
        }
    }

    @Test("readers may look and not order; from elsewhere only where that was configured, and nowhere beside tokens")
    func readers() async throws {
        let forwarded = ["X-Forwarded-For": "192.0.2.7"]
        for elsewhereToo in [false, true] {
            var settings = TestGateway.patient
            settings.admin = AdminDoor(RecordingControl(), access: .readers(elsewhereToo: elsewhereToo))
            try await TestGateway.run(settings: settings) { gateway in
                #expect(try await gateway.exchange("GET", "/api/v1/version").status == 200)
                let elsewhere = try await gateway.exchange("GET", "/api/v1/version", forwarded)
                #expect(elsewhere.status == (elsewhereToo ? 200 : 403))
                let order = try await gateway.exchange("POST", "/api/v1/servers/fetch/stop", Self.bearer)
                #expect(order.status == 403 && order.body.contains("mcpProxy.admin.tokens"))
            }
            try await TestGateway.run([.init(name: "fetch", tokens: ["client"])], settings: settings) { gateway in
                for headers in [[:], ["Authorization": "Bearer client"]] {
                    let looked = try await gateway.exchange("GET", "/api/v1/version", headers)
                    #expect(looked.status == 403)
                }
            }
        }
    }

    @Test("with tokens only their bearers may use it, and a server's token is none of them")
    func guarded() async throws {
        try await TestGateway.run(
            [.init(name: "fetch", tokens: ["client"])], settings: Self.settings(tokens: ["operator"])
        ) { gateway in
            for headers in [[:], ["Authorization": "Bearer client"], ["Authorization": "Bearer operato"]] {
                let refusal = try await gateway.exchange("GET", "/api/v1/version", headers)
                #expect(refusal.status == 401 && refusal.headers["www-authenticate"] == "Bearer")
            }
            let version = try await gateway.exchange("GET", "/api/v1/version", Self.bearer)
            #expect(version.status == 200 && version.body.hasPrefix(#"{"version":"1.2.3","pid":"#))
            // Nor is the operator a client.
            let route = try await gateway.exchange(
                "POST", "/fetch/mcp", TestGateway.json.merging(Self.bearer) { $1 }, body: TestGateway.initialize)
            #expect(route.status == 401)
        }
    }

    @Test("a wrong token is in the log with where it came from, and is not in it itself")
    func wrongTokens() async throws {
        let log = RecordedLog()
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"]), logger: log.logger) { gateway in
            // Whoever has none is no more than lost.
            _ = try await gateway.exchange("GET", "/api/v1/status")
            let wrong = ["Authorization": "Bearer s3cret"]
            #expect(try await gateway.exchange("GET", "/api/v1/status", wrong).status == 401)
            _ = try await gateway.exchange("GET", "/api/v1/version", Self.bearer)
            let first = try #require(await log.next(.adminRefused))
            #expect(first.event == .adminRefused && first.level == .warning && first[.address] == "127.0.0.1")
            #expect(first[.count] == nil && !first.json.contains("s3cret") && !first.json.contains("operator"))
        }
    }

    @Test("a page of another origin is refused, and so are wrong methods and what does not exist")
    func ladder() async throws {
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"])) { gateway in
            let foreign = Self.bearer.merging(["Origin": "http://evil.example"]) { $1 }
            #expect(try await gateway.exchange("POST", "/api/v1/reload", foreign).status == 403)
            let method = try await gateway.exchange("GET", "/api/v1/reload", Self.bearer)
            #expect(method.status == 405 && method.headers["allow"] == "POST")
            #expect(try await gateway.exchange("GET", "/api/v1/nothing", Self.bearer).status == 404)
            let unknown = try await gateway.exchange("GET", "/api/v1/servers/nope", Self.bearer)
            #expect(unknown.status == 404 && unknown.body.contains("there is no server"))
            let call = try await gateway.exchange("POST", "/api/v1/servers/fetch/call", Self.bearer, body: "tool=x")
            #expect(call.status == 415)
        }
    }

    @Test("orders reach the control, by the server's whole name")
    func orders() async throws {
        let control = RecordingControl()
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"], control)) { gateway in
            for order in ["start", "stop", "restart"] {
                let path = "/api/v1/servers/team%2Ffetch/\(order)"
                #expect(try await gateway.exchange("POST", path, Self.bearer).status == 202)
            }
            #expect(control.orders.withLock { $0 } == ["start team/fetch", "stop team/fetch", "restart team/fetch"])
            let dry = try await gateway.exchange("POST", "/api/v1/reload?dryRun=true", Self.bearer)
            #expect(dry.status == 422 && dry.body == #"{"accepted":false,"mistakes":["dry"]}"#)
            let real = try await gateway.exchange("POST", "/api/v1/reload", Self.bearer)
            #expect(real.status == 200 && real.body.contains(#""accepted":true,"stopped":["a"]"#))
        }
    }

    @Test(
        "a reload whose query is not understood is refused, and nothing is done",
        arguments: [
            "dryRun=yes", "dryRun=True", "dryRun=", "dryrun=true", "dry_run=true", "dryRun=true&x=1", "dryRun=%zz",
            "dryRun=true&dryRun=false", "x",
        ])
    func misspelt(query: String) async throws {
        let control = RecordingControl()
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"], control)) { gateway in
            let refusal = try await gateway.exchange("POST", "/api/v1/reload?\(query)", Self.bearer)
            #expect(refusal.status == 400 && refusal.body.contains("dryRun=true"))
            #expect(control.orders.withLock { $0 } == [])
        }
    }

    @Test("a reload is one, or only a question, by the word")
    func spelt() async throws {
        let control = RecordingControl()
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"], control)) { gateway in
            for query in ["", "?", "?dryRun=false", "?dryRun=0"] {
                let response = try await gateway.exchange("POST", "/api/v1/reload" + query, Self.bearer)
                #expect(response.status == 200)
            }
            for query in ["?dryRun", "?dryRun=1", "?dryRun=true"] {
                let response = try await gateway.exchange("POST", "/api/v1/reload" + query, Self.bearer)
                #expect(response.status == 422)
            }
        }
    }

    @Test("a reload that was not even tried is no mistake of the file: 503, with a time to try again")
    func crowded() async throws {
        let control = RecordingControl(answer: .notRead(reason: "16 newer reloads wait already"))
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"], control)) { gateway in
            let refusal = try await gateway.exchange("POST", "/api/v1/reload", Self.bearer)
            #expect(refusal.status == 503 && refusal.headers["retry-after"] == "1")
            #expect(refusal.body.contains("16 newer reloads wait already"))
        }
    }

    @Test("a tool is called on its server's route, and a server that has gone is named")
    func calls() async throws {
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"])) { gateway in
            let headers = Self.bearer.merging(["Content-Type": "application/json"]) { $1 }
            let path = "/api/v1/servers/fetch/call"
            let result = try await gateway.exchange("POST", path, headers, body: #"{"tool":"x","arguments":{"a":1.0}}"#)
            #expect(result.status == 200 && result.body == #"{"result":{"content":[],"tool":"x"}}"#)
            for body in ["{}", "[]", #"{"tool":1}"#, #"{"tool":"x","arguments":[]}"#] {
                #expect(try await gateway.exchange("POST", path, headers, body: body).status == 400)
            }
            let tools = try await gateway.exchange("GET", "/api/v1/servers/fetch/tools", Self.bearer)
            #expect(tools.status == 200 && tools.body == #"{"tools":[]}"#)
            // Each in a session that is over by now.
            #expect(await gateway.gateway.status().sessions == 0)
        }
    }

    @Test("a call whose operator goes away is cancelled")
    func abandoned() async throws {
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"])) { gateway in
            let upstream = try await gateway.upstream()
            let connection = try await gateway.connect()
            let headers = Self.bearer.merging(["Content-Type": "application/json"]) { $1 }
            try await connection.request("POST", "/api/v1/servers/fetch/call", headers, body: #"{"tool":"hold"}"#)
            _ = try await upstream.next("tools/call")
            try await connection.close()
            _ = try await upstream.next("notifications/cancelled")
        }
    }

    @Test("news come as events until the client goes")
    func events() async throws {
        let control = RecordingControl()
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"], control)) { gateway in
            let connection = try await gateway.connect()
            try await connection.request("GET", "/api/v1/events", Self.bearer)
            #expect(try await connection.head().headers["content-type"] == "text/event-stream")
            #expect(try await connection.event()?.hasPrefix("event: status\ndata: {\"version\":\"1.2.3\"") == true)
            control.tell(.reload(.refused(mistakes: ["x"])), on: gateway.gateway.eventLoop)
            let news = try await connection.event()
            #expect(news == "event: reload\ndata: {\"accepted\":false,\"mistakes\":[\"x\"]}")
            #expect(control.observerCount == 1)
            try await connection.close()
            while control.observerCount > 0 { await Task.yield() }
        }
    }

    @Test("a server's stderr is its last lines, or a stream of those and all to come, of this server alone")
    func standardError() async throws {
        let control = RecordingControl()
        try await TestGateway.run(settings: Self.settings(tokens: ["operator"], control)) { gateway in
            let path = "/api/v1/servers/fetch/stderr"
            #expect(try await gateway.exchange("GET", path, Self.bearer).body == #"{"lines":["one","two"]}"#)
            let last = try await gateway.exchange("GET", path + "?lines=1", Self.bearer)
            #expect(last.body == #"{"lines":["two"]}"#)
            #expect(try await gateway.exchange("GET", path + "?lines=x", Self.bearer).status == 400)
            let connection = try await gateway.connect()
            let accept = Self.bearer.merging(["Accept": "text/event-stream"]) { $1 }
            try await connection.request("GET", path + "?lines=1", accept)
            _ = try await connection.head()
            #expect(try await connection.event() == "event: line\ndata: \"two\"")
            control.tell(.standardError(server: "other", line: "no"), on: gateway.gateway.eventLoop)
            control.tell(.standardError(server: "fetch", line: "a\nb"), on: gateway.gateway.eventLoop)
            #expect(try await connection.event() == #"event: line"# + "\n" + #"data: "a\nb""#)
            try await connection.close()
        }
    }

    @Test("a control socket serves the API without a token, no servers, and only to whom it admits")
    func socket() async throws {
        for admits in [true, false] {
            var settings = TestGateway.patient
            settings.admin = AdminDoor(RecordingControl(), access: .socket)
            settings.servesServers = false
            settings.admitsPeer = { $0.user == geteuid() && admits }
            let path = "/tmp/mcp-gateway-admin-\(getpid())-\(admits).sock"
            let log = RecordedLog()
            try await TestGateway.run(settings: settings, at: [.unix(path: path)], logger: log.logger) { gateway in
                guard admits else {
                    // Before anything is asked.
                    #expect(try await gateway.connect().response().status == 403)
                    let refusal = try #require(await log.next(.peerRefused))
                    #expect(refusal[.user] == "\(geteuid())" && refusal[.pid] == "\(getpid())")
                    return
                }
                #expect(try await gateway.exchange("GET", "/api/v1/version").status == 200)
                let route = try await gateway.exchange(
                    "POST", "/fetch/mcp", TestGateway.json.merging(["Host": "localhost"]) { $1 },
                    body: TestGateway.initialize)
                #expect(route.status == 404)
            }
        }
    }
}

/// Writes orders down, and says little of itself. Its one server is the scripted gateway's only by name.
private final class RecordingControl: GatewayControl {
    let orders = Mutex<[String]>([])
    private let observers = Mutex<[ObserverID: @Sendable (GatewayNews) -> Void]>([:])

    private let answer: ReloadReport

    init(
        answer: ReloadReport = .accepted(
            ReloadReport.Changes(
                stopped: ["a"], restarted: [], started: [], updated: [], updatedKeys: [], needingRestart: []),
            remarks: [])
    ) {
        self.answer = answer
    }

    var observerCount: Int { observers.withLock(\.count) }

    func tell(_ news: GatewayNews, on eventLoop: any EventLoop) {
        eventLoop.execute { for observer in self.observers.withLock(\.values) { observer(news) } }
    }

    func facts() -> GatewayFacts {
        GatewayFacts(
            version: "1.2.3", processID: getpid(), uptime: .seconds(1), stage: .serving,
            status: GatewayStatus(servers: [], sessions: 0), configuration: "config.json")
    }

    func servers() -> [ServerSnapshot] { [] }
    func standings() -> [ServerStanding] { [] }
    func specification(of server: String) -> ByteBuffer? { nil }
    func pastLives(of server: String) -> [PastLife]? { nil }
    func standardErrorLines(of server: String) -> [String]? { ["one", "two"] }
    func start(_ server: String) -> Bool { record("start \(server)") }
    func stop(_ server: String) -> Bool { record("stop \(server)") }
    func restart(_ server: String) -> Bool { record("restart \(server)") }
    func countTools(_ done: @escaping @Sendable () -> Void) { done() }

    func reload(isDryRun: Bool, reply: @escaping @Sendable (ReloadReport) -> Void) {
        if isDryRun { return reply(.refused(mistakes: ["dry"])) }
        _ = record("reload")
        reply(answer)
    }

    func observe(_ onNews: @escaping @Sendable (GatewayNews) -> Void) -> ObserverID {
        let id = Self.minted.withLock { $0.removeFirst() }
        observers.withLock { $0[id] = onNews }
        return id
    }

    func forget(_ observer: ObserverID) {
        observers.withLock { $0[observer] = nil }
    }

    /// Only `Observers` makes ids.
    private static let minted = Mutex<[ObserverID]>(
        {
            let source = Observers()
            return (0..<100).map { _ in source.add { _ in } }
        }())

    private func record(_ order: String) -> Bool {
        orders.withLock { $0.append(order) }
        return true
    }
}
