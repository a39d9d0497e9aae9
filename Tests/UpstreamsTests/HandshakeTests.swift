import Supervision
import Testing

/// From the spawn to the first call, and what can go wrong on the way.
@Suite(.timeLimit(.minutes(2))) struct HandshakeTests {
    /// A wait long enough for a test to see.
    private static let patient = RestartPolicy(initial: .seconds(60))

    @Test("a server that behaves is ready, is described, and answers")
    func normal() async throws {
        try await ProcessUnderTest.with("--name", "well-behaved") { test in
            let ready = try await test.until(.ready)
            #expect(ready.generation == 1 && ready.processID != nil)
            #expect(
                await test.server.describedName() == #"{"name":"well-behaved","version":"1.2.3","title":"Fixture"}"#)
            #expect(try await test.tool("echo", #"{"n":1}"#).contains(#""arguments":{"n":1}"#))
        }
    }

    @Test("a call made while a slow server starts waits for it")
    func slow() async throws {
        try await ProcessUnderTest.with("--start-delay", "300") { test async throws in
            #expect(try await test.tool("echo").contains("result"))
        }
    }

    @Test("[158] a server that never answers initialize is stopped at startTimeout and tried again after a wait")
    func hanging() async throws {
        let limits = TestLimits(startTimeout: .milliseconds(300), restart: Self.patient)
        try await ProcessUnderTest.with("--hang-on-initialize", limits: limits) { test in
            let stopping = try await test.until(.stopping)
            #expect(stopping.reason.contains("no answer to initialize within 300 ms"))
            #expect(stopping.reason.contains("input closed"))
            let waiting = try await test.until(.backingOff)
            #expect(waiting.reason.contains("no answer to initialize within 300 ms"))
            #expect(try #require(waiting.nextAttemptIn) > .seconds(30))
        }
    }

    @Test("[158] one that hangs and ignores every request to go is killed")
    func hangingAndStubborn() async throws {
        let limits = TestLimits(
            startTimeout: .milliseconds(300), stopTimeout: .milliseconds(50), restart: Self.patient)
        try await ProcessUnderTest.with(
            "--hang-on-initialize", "--ignore-eof", "--ignore-sigterm", limits: limits
        ) { test in
            let waiting = try await test.until(.backingOff)
            #expect(waiting.reason.contains("no answer to initialize"))
        }
    }

    @Test("a server that refuses initialize is stopped, and the reason is its own")
    func refusing() async throws {
        let script = """
            read -r line
            echo '{"jsonrpc":"2.0","id":"initialize","error":{"code":-32000,"message":"no licence"}}'
            exec cat >/dev/null
            """
        try await ProcessUnderTest.with(command: Programs.shell(script), limits: TestLimits(restart: Self.patient)) {
            let waiting = try await $0.until(.backingOff)
            #expect(waiting.reason.contains("it refused initialize: no licence"))
        }
    }

    @Test("a server of an unknown revision is refused, and the reason names the revision")
    func unknownRevision() async throws {
        try await ProcessUnderTest.with("--protocol-version", "1999-01-01", limits: TestLimits(restart: Self.patient)) {
            let waiting = try await $0.until(.backingOff)
            #expect(waiting.reason.contains(#"revision "1999-01-01""#))
        }
    }

    @Test("a server that exits instead of starting: the reason has its status and its last line on stderr")
    func exitOnStart() async throws {
        for flag in ["--exit-on-start", "--exit-on-initialize"] {
            try await ProcessUnderTest.with(flag, "7", limits: TestLimits(restart: Self.patient)) { test in
                let waiting = try await test.until(.backingOff)
                #expect(waiting.reason.contains("exited with status 7"))
                #expect(waiting.reason.contains("fixture-server: told to exit on"))
                #expect(waiting.lastExit?.cause == .exited(status: 7))
            }
        }
    }

    @Test("the last line of a long complaint on stderr is never lost, however the pipes are closed")
    func longComplaint() async throws {
        let script = "exec 1>&-; printf '%060000d\\nthe reason\\n' 0 >&2; exit 3"
        try await ProcessUnderTest.with(command: Programs.shell(script)) { test in
            for life in 1...40 {
                let report = try await test.untilExit(of: life)
                #expect(report.lastStandardErrorLine == "the reason")
            }
        }
    }

    @Test("a command that does not exist fails for good, and the reason names it")
    func commandNotFound() async throws {
        let command = ProcessCommand(command: "no-such-command", environment: ["PATH": "/usr/bin:/bin"])
        try await ProcessUnderTest.with(command: command) { test in
            let failed = try await test.until(.failed)
            #expect(failed.reason.contains("no-such-command") && failed.reason.contains("/usr/bin"))
            #expect(try await test.tool("echo").contains("no-such-command"))
        }
    }

    @Test("a file that is no program fails for good")
    func notExecutable() async throws {
        try await ProcessUnderTest.with(command: ProcessCommand(command: "/etc/passwd")) { test async throws in
            #expect(try await test.until(.failed).reason.contains("/etc/passwd"))
        }
    }
}
