import JSONRPC
import MCP
import NIOCore
import Supervision
import TestSupport
import Testing

@testable import Upstreams

/// Processes of which it is not known what they speak.
@Suite(.timeLimit(.minutes(2))) struct ModernProcessTests {
    private static let unknown = TestLimits(era: .auto)

    /// A shell script that answers `server/discover` and goes on with `script`. What it puts in its own place must keep
    /// stdout open, or the server is stopped.
    private static func modern(_ script: String) -> ProcessCommand {
        let result =
            #"{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"#
            + #""_meta":{"io.modelcontextprotocol/serverInfo":{"name":"sh","version":"1"}}}"#
        return Programs.shell(
            """
            read -r discover
            case "$discover" in *'"method":"server/discover"'*) ;; *) echo "asked $discover" >&2; exit 9;; esac
            printf '%s\\n' '{"jsonrpc":"2.0","id":"discover","result":\(result)}'
            \(script)
            """)
    }

    @Test("[133] a legacy server answers the question with an error, and is opened in the same process")
    func legacy() async throws {
        try await ProcessUnderTest.with(limits: Self.unknown) { test in
            let ready = try await test.until(.ready)
            #expect(ready.generation == 1 && ready.restarts == 0)
            #expect(try await test.tool("echo", #"{"n":1}"#).contains(#""arguments":{"n":1}"#))
            let received = try await test.tool("received", #"{"method":"server/discover"}"#)
            #expect(received.contains("server/discover"))
        }
    }

    @Test("[134] one that does not survive the question is started again in the same life, and not asked any more")
    func exits() async throws {
        try await ProcessUnderTest.with("--exit-on-probe", "3", limits: Self.unknown) { test in
            let ready = try await test.until(.ready)
            #expect(ready.generation == 1 && ready.restarts == 0 && ready.lastExit == nil)
            #expect(try await test.tool("echo").contains("result"))
            await test.server.restart()
            try await test.until(.stopping)
            let again = try await test.until(.ready)
            #expect(again.generation == 2)
            #expect(await test.server.standardErrorLines().filter { $0.contains("expected initialize") }.count == 1)
        }
    }

    @Test("a program that ends however it is started is a failure, with its own status")
    func crashes() async throws {
        let limits = TestLimits(restart: RestartPolicy(initial: .seconds(60)), era: .auto)
        try await ProcessUnderTest.with("--exit-on-start", "5", limits: limits) { test in
            let waiting = try await test.until(.backingOff)
            #expect(waiting.lastExit?.cause == .exited(status: 5))
        }
    }

    @Test("[132] a modern server is never sent initialize, and every request says what it has to")
    func modern() async throws {
        let server = Self.modern(
            """
            read -r call
            printf '%s\\n' "$call" >&2
            printf '%s\\n' '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}'
            exec cat 3>&1 >&2
            """)
        try await ProcessUnderTest.with(command: server, limits: Self.unknown) { test in
            try await test.until(.ready)
            #expect(
                try await test.tool("t")
                    == #"{"jsonrpc":"2.0","id":"call","result":{"resultType":"complete","content":[]}}"#)
            let sent = await test.server.standardErrorLines().joined()
            #expect(sent.contains(#""io.modelcontextprotocol/protocolVersion":"2026-07-28""#))
            #expect(sent.contains(#""io.modelcontextprotocol/clientCapabilities":{}"#))
        }
    }

    @Test("[130] a call to a modern server is cancelled with a notification")
    func cancelled() async throws {
        let server = Self.modern("exec cat 3>&1 >&2")
        try await ProcessUnderTest.with(command: server, limits: Self.unknown) { test in
            try await test.until(.ready)
            _ = try await test.callTool("t", id: "5")
            try await test.cancel("5")
            let line = try #require(
                await test.log.standardErrorLine(startingWith: #"{"jsonrpc":"2.0","method":"notifications/cancelled""#))
            #expect(line.contains(#""requestId":1"#))
        }
    }

    @Test("one that is known to be modern and is not fails, and says what to look at")
    func notModern() async throws {
        let limits = TestLimits(restart: RestartPolicy(initial: .seconds(60)), era: .modern)
        try await ProcessUnderTest.with(limits: limits) { test in
            let waiting = try await test.until(.backingOff)
            #expect(waiting.reason.contains("is \"era\" really \"modern\"?"))
        }
    }
}
