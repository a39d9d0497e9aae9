import Glibc
import Supervision
import Testing

/// How a server is made to go.
@Suite(.timeLimit(.minutes(2))) struct StopTests {
    private static let hasty = TestLimits(stopTimeout: .milliseconds(50))

    @Test("[146] a server that behaves goes by itself when its stdin is closed")
    func wellBehaved() async throws {
        try await ProcessUnderTest.with { test in
            try await test.until(.ready)
            await test.server.leave()
            #expect(try await test.until(.stopped).lastExit?.cause == .exited(status: 0))
        }
    }

    @Test("[146] one that ignores the end of its stdin is asked to go, one that ignores that too is killed")
    func stubborn() async throws {
        for (flags, signal) in [(["--ignore-eof"], SIGTERM), (["--ignore-eof", "--ignore-sigterm"], SIGKILL)] {
            try await ProcessUnderTest.with(command: Programs.fixture(flags), limits: Self.hasty) { test in
                try await test.until(.ready)
                await test.server.leave()
                #expect(try await test.until(.stopped).lastExit?.cause == .signalled(signal))
            }
        }
    }

    @Test("[146] the order is: stdin closed, SIGTERM, SIGKILL")
    func order() async throws {
        let script = """
            trap 'echo asked to go >&2' TERM
            cat > /dev/null
            echo input closed >&2
            while :; do sleep 0.02; done
            """
        let limits = TestLimits(stopTimeout: .milliseconds(500))
        try await ProcessUnderTest.with(command: Programs.shellServer(script), limits: limits) { test in
            try await test.until(.ready)
            await test.server.leave()
            #expect(try await test.until(.stopped).lastExit?.cause == .signalled(SIGKILL))
            let lines = await test.server.standardErrorLines().filter { $0 == "input closed" || $0 == "asked to go" }
            #expect(lines == ["input closed", "asked to go"])
        }
    }

    @Test("[146] what was accepted before the stop reaches a slow reader whole, and then its stdin ends")
    func nothingIsCut() async throws {
        let script = Programs.pauseUntilUserSignal + "wc -c >&2"
        try await ProcessUnderTest.with(command: Programs.shellServer(script)) { test in
            let process = try #require(try await test.untilPaused().processID)
            var expected = 0
            for number in 1...9 {
                let text = String(repeating: "x", count: 100_000)
                let line = ProcessUnderTest.toolCall("echo", #"{"text":"\#(text)"}"#, id: "\(number)")
                _ = try await test.call(line)
                expected += line.utf8.count + 1
            }
            await test.server.leave()
            kill(process, SIGUSR1)
            let report = try #require(try await test.until(.stopped).lastExit)
            #expect(report.cause == .exited(status: 0))
            #expect(report.lastStandardErrorLine == "\(expected)")
        }
    }

    @Test("[146] grandchildren are killed with their server, stubborn ones too")
    func grandchildren() async throws {
        for flag in ["--grandchild", "--stubborn-grandchild"] {
            try await ProcessUnderTest.with(flag) { test in
                let grandchild = try #require(await test.grandchild())
                #expect(ProcessTable.exists(grandchild))
                try await test.until(.ready)
                await test.server.leave()
                #expect(try await test.until(.stopped).lastExit?.cause == .exited(status: 0))
                try await ProcessTable.untilGone(grandchild)
            }
        }
    }

    @Test("a grandchild that left the group and holds the pipes does not hold up the end")
    func escapedGrandchild() async throws {
        let script = "setsid sleep 2 & echo answered >&2; exec cat >/dev/null"
        try await ProcessUnderTest.with(command: Programs.shellServer(script)) { test async throws in
            #expect(await test.log.standardErrorLine(startingWith: "answered") != nil)
            await test.server.leave()
            #expect(try await test.until(.stopped).lastExit?.cause == .exited(status: 0))
        }
    }

    @Test("a server can be stopped at any moment of its start, and nothing of it is left")
    func stoppedWhileStarting() async throws {
        for round in 0..<20 {
            try await ProcessUnderTest.with("--grandchild") { test async throws in
                for _ in 0..<(round * 20) { await Task.yield() }
                await test.server.leave()
                await test.server.untilGone()
                let snapshot = await test.server.snapshot()
                #expect(snapshot.phase == .stopped && snapshot.processID == nil)
            }
        }
    }

    @Test("restarts in quick succession end in one that is ready")
    func quickRestarts() async throws {
        try await ProcessUnderTest.with { test async throws in
            for round in 0..<10 {
                for _ in 0..<(round * 20) { await Task.yield() }
                await test.server.restart()
            }
            #expect(try await test.tool("echo", #"{"after":1}"#).contains(#""after":1"#))
        }
    }

    @Test("a server that was told to leave is not started again")
    func noRestartAfterLeaving() async throws {
        try await ProcessUnderTest.with { test in
            try await test.until(.ready)
            await test.server.leave()
            await test.server.restart()
            await test.server.untilGone()
            #expect(await test.server.snapshot().generation == 1)
        }
    }
}

extension ProcessUnderTest {
    /// Waits for the fixture to say which process it has left behind.
    func grandchild() async -> Int32? {
        await log.standardErrorLine(startingWith: "grandchild ")?.split(separator: " ").last.flatMap { Int32($0) }
    }
}
