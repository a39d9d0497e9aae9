import Glibc
import Supervision
import Testing

/// Processes that hang while nobody calls them.
@Suite(.timeLimit(.minutes(2))) struct ProbeTests {
    @Test("a child that was halted is found by a ping, killed, and replaced by one that answers")
    func halted() async throws {
        // Long enough for an answer on a busy machine.
        let limits = TestLimits(
            stopTimeout: .milliseconds(50), probe: ProbePolicy(interval: .milliseconds(20), timeout: .seconds(2)))
        try await ProcessUnderTest.with(command: Programs.fixture([]), limits: limits) { test in
            let process = try #require(try await test.until(.ready).processID)
            kill(process, SIGSTOP)
            let reason = "it did not answer a ping within 2 s"
            #expect(try await test.until(.stopping).reason.contains(reason))
            #expect(try await test.untilExit(of: 1).cause == .connectionLost(reason: reason))
            #expect(try await test.until(.ready).generation == 2)
            #expect(try await test.tool("echo", #"{"back":1}"#).contains(#""back":1"#))
            #expect(!ProcessTable.exists(process))
        }
    }

    @Test("a child that answers pings with an error lives on")
    func unwilling() async throws {
        let script = #"""
            while read -r ping; do
                id=${ping#*\"id\":}; id=${id%%,*}
                printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no"}}\n' "$id"
                echo "ping $id" >&2
            done
            """#
        let limits = TestLimits(probe: ProbePolicy(interval: .milliseconds(1), timeout: .seconds(60)))
        try await ProcessUnderTest.with(command: Programs.shellServer(script), limits: limits) { test in
            _ = try #require(await test.log.standardErrorLine(startingWith: "ping 5"))
            #expect(await test.server.snapshot().generation == 1)
        }
    }
}
