import Testing

@testable import Supervision

/// What is said of a server in each phase, for each cause, for each kind of server.
@Suite("Health reports")
struct HealthReportTests {
    private static let process = ServerSpecification.Launch.process(ProcessCommand(command: "npx"))
    private static let remote = ServerSpecification.Launch.remote(
        RemoteEndpoint(url: "https://me:secret@tools.lan:8686/key/sse?token=secret", headers: ["X": "secret"]))
    private static let stderr =
        "look at what it wrote to stderr: mcp-gateway logs, journalctl, or server_stderr of the built-in server"
    private static let curl = "check that it listens there: curl -v https://tools.lan:8686"

    private func facts(
        _ phase: ServerSnapshot.Phase, _ launch: ServerSpecification.Launch = process,
        after cause: ExitReport.Cause? = nil, wasReady: Bool = false, isWantedUp: Bool = true, failures: Int = 1,
        traffic: TrafficFacts = TrafficFacts()
    ) -> HealthFacts {
        HealthFacts(
            phase: phase, isWantedUp: isWantedUp, launch: launch, reason: "R",
            failure: cause.map { HealthFacts.Failure(cause: $0, wasReady: wasReady, clause: "C") },
            recentFailures: cause == nil ? 0 : failures, window: .seconds(600), failsTooOften: false,
            callTimeout: .seconds(300), traffic: traffic)
    }

    /// The report on one line: `level: summary | detail | suggested action`.
    private func text(_ facts: HealthFacts) -> String {
        let report = facts.report
        return
            (["\(report.level.rawValue): \(report.summary)"]
            + [report.detail, report.suggestedAction].map { $0 ?? "-" }).joined(separator: " | ")
    }

    @Test("every phase of a server that has not failed")
    func phases() {
        #expect(text(facts(.disabled)) == "off: switched off | R | -")
        #expect(text(facts(.stopped)) == "off: R | - | -")
        #expect(text(facts(.starting)) == "degraded: starting | R | -")
        #expect(text(facts(.ready)) == "healthy: ready | - | -")
        #expect(text(facts(.backingOff)) == "unhealthy: waiting for its next start | R | -")
        #expect(text(facts(.stopping)) == "degraded: restarting on request | R | -")
        #expect(text(facts(.stopping, isWantedUp: false)) == "off: stopping on request | R | -")
        #expect(
            text(facts(.failed, .unavailable(reason: "R")))
                == """
                unhealthy: misconfigured | R | correct it, see mcp-gateway check-config FILE, and reload the gateway
                """)
    }

    @Test("a process that does not become ready, by cause")
    func processes() {
        let handshake = #"""
            check that "command" and "args" start an MCP server over stdio; if it only needs longer, raise \#
            "startTimeout"
            """#
        let shortage =
            #"see whether the machine lacks memory, processes or open files, and whether its "cwd" is there"#
        let table: [(ExitReport.Cause, summary: String, action: String)] = [
            (.exited(status: 1), "ends before it is ready", Self.stderr),
            (.signalled(11), "ends before it is ready", Self.stderr),
            (
                .signalled(9), "ends before it is ready",
                "see whether the kernel killed it for want of memory: journalctl -k"
            ),
            (.notStarted(reason: "x"), "cannot be started", shortage),
            (.handshakeFailed(reason: "x"), "does not complete the MCP handshake", handshake),
            (.connectionLost(reason: "x"), "breaks the connection", Self.stderr),
        ]
        for (cause, summary, action) in table {
            for phase in [ServerSnapshot.Phase.starting, .backingOff, .stopping] {
                #expect(text(facts(phase, after: cause)) == "unhealthy: \(summary) | R | \(action)")
            }
        }
        #expect(
            text(facts(.failed, after: .notStarted(reason: "x")))
                == #"unhealthy: cannot be started | R | install it, or correct "command" or the PATH in its "env""#)
    }

    @Test("a server elsewhere that does not become ready, by cause; no secret of its URL is shown")
    func remotes() {
        let table: [(ExitReport.Cause, summary: String, action: String)] = [
            (.unreachable(reason: "x"), "cannot be reached", Self.curl),
            (.unauthorized(reason: "x"), "does not let the gateway in", #"check the Authorization in "headers""#),
            (
                .handshakeFailed(reason: "x"), "does not complete the MCP handshake",
                #"check that "url" is the address of an MCP server, and "transportType""#
            ),
            (
                .notStarted(reason: "x"), "cannot be started",
                #"correct its "url", "headers" or "tls", and reload the gateway"#
            ),
            (.connectionLost(reason: "x"), "breaks the connection", Self.curl),
            (.exited(status: 0), "ends before it is ready", Self.curl),
        ]
        for (cause, summary, action) in table {
            for phase in [ServerSnapshot.Phase.starting, .backingOff, .stopping, .failed] {
                let text = text(facts(phase, Self.remote, after: cause))
                #expect(text == "unhealthy: \(summary) | R | \(action)")
            }
        }
        let odd = ServerSpecification.Launch.remote(RemoteEndpoint(url: "http://host;reboot/"))
        #expect(
            text(facts(.backingOff, odd, after: .unreachable(reason: "x")))
                == #"unhealthy: cannot be reached | R | check that it listens at its "url""#)
    }

    @Test("one that was ready and comes back is degraded, unless it fails again and again")
    func comingBack() {
        let crash = "restarting after a crash | R | \(Self.stderr)"
        for phase in [ServerSnapshot.Phase.starting, .backingOff, .stopping] {
            #expect(text(facts(phase, after: .exited(status: 1), wasReady: true)) == "degraded: \(crash)")
            let third = facts(phase, after: .exited(status: 1), wasReady: true, failures: 3)
            #expect(text(third) == "unhealthy: \(crash)")
        }
        var rare = facts(.backingOff, after: .exited(status: 1), wasReady: true)
        rare.failsTooOften = true
        #expect(text(rare) == "unhealthy: \(crash)")
        #expect(
            text(facts(.starting, after: .connectionLost(reason: "x"), wasReady: true))
                == "degraded: restarting after its connection broke | R | \(Self.stderr)")
        #expect(
            text(facts(.starting, Self.remote, after: .connectionLost(reason: "x"), wasReady: true))
                == "degraded: reconnecting | R | \(Self.curl)")
    }

    @Test("one that is ready but keeps failing is degraded")
    func flapping() {
        #expect(text(facts(.ready, after: .exited(status: 1), failures: 2)) == "healthy: ready | - | -")
        #expect(
            text(facts(.ready, after: .exited(status: 1), failures: 3))
                == "degraded: ready, but restarted 3 times in 10 min | the last time it C | \(Self.stderr)")
        #expect(
            text(facts(.ready, Self.remote, after: .unreachable(reason: "x"), failures: 4))
                == "degraded: ready, but reconnected 4 times in 10 min | the last time it C | \(Self.curl)")
    }

    @Test("one that is ready but says nothing is degraded, whatever was before")
    func silence() {
        let silent = TrafficFacts(inFlight: 3, silence: .seconds(40))
        let detail =
            "no answer and no progress has come; after 5 min of that a call is given up (callTimeout)"
        #expect(
            text(facts(.ready, after: .exited(status: 1), failures: 5, traffic: silent))
                == "degraded: silent for 40 s with 3 calls waiting | \(detail) | \(Self.stderr); "
                + "if it is not busy, end its process, or call restart_server of the built-in server")
        let one = TrafficFacts(inFlight: 1, silence: .seconds(90))
        #expect(
            text(facts(.ready, Self.remote, traffic: one))
                == "degraded: silent for 1 min 30 s with 1 call waiting | \(detail) | look at its own log; "
                + "if it is not busy, restart it there")
    }

    @Test("a ping without an answer is told after 5 s, and a server that knows none stays healthy")
    func pings() {
        let beginning = "nothing has come from it since; if nothing comes soon, it is"
        for (launch, end) in [(Self.process, "stopped and started again"), (Self.remote, "connected to again")] {
            #expect(
                text(facts(.ready, launch, traffic: TrafficFacts(unansweredPing: .seconds(12))))
                    == "degraded: no answer to a ping for 12 s | \(beginning) \(end) | -")
        }
        let early = facts(.ready, traffic: TrafficFacts(unansweredPing: .milliseconds(4999)))
        #expect(text(early) == "healthy: ready | - | -")
        #expect(
            text(facts(.ready, traffic: TrafficFacts(knowsPings: false)))
                == "healthy: ready | it answers no pings, so that a hang will show only in calls | -")
    }

    @Test(
        "a remote server's origin is all of its URL that is shown",
        arguments: [
            ("http://127.0.0.1:8686/sse", "http://127.0.0.1:8686"), ("HTTPS://Tools.lan", "https://Tools.lan"),
            ("https://a:b@c:d@tools.lan:1/x@y?z=1#f", "https://tools.lan:1"),
            ("http://[::1]:80?k=1", "http://[::1]:80"), ("http://$(reboot)/", nil), ("http://a b/", nil),
            ("http:///sse", nil), ("ftp://x/", nil), ("tools.lan", nil),
        ])
    func origins(url: String, origin: String?) {
        #expect(RemoteEndpoint(url: url).origin == origin)
    }
}
