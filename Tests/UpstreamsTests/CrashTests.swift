import Glibc
import JSONRPC
import NIOCore
import Supervision
import Testing

/// Servers that die or break while they are needed.
@Suite(.timeLimit(.minutes(3))) struct CrashTests {
    @Test("[148] a crash answers every call in flight once and names itself; the next call waits for the restart")
    func crashInFlight() async throws {
        try await ProcessUnderTest.with { test in
            let waiting = CountingSink()
            try await test.call(ProcessUnderTest.toolCall("sleep", #"{"ms":60000}"#, id: "1"), to: waiting)
            let crash = try await test.tool("crash", #"{"exit":9}"#)
            for text in ["exited with status 9", "fixture-server: crashing as asked", "not repeated"] {
                #expect(crash.contains(text))
            }
            guard case .unavailable(let reason, let id) = await waiting.end() else {
                Issue.record("the call was answered")
                return
            }
            #expect(reason.reason.contains("exited with status 9") && String(buffer: id.json) == "1")
            #expect(try await test.tool("echo", #"{"next":1}"#).contains(#""next":1"#))
            let snapshot = await test.server.snapshot()
            #expect(snapshot.generation == 2 && snapshot.restarts == 1 && snapshot.inFlight == 0)
            #expect(waiting.ends == 1)
        }
    }

    @Test("[148] death by a signal is named")
    func signalled() async throws {
        try await ProcessUnderTest.with { test async throws in
            #expect(try await test.tool("crash", #"{"signal":11}"#).contains("killed by signal 11"))
            #expect(try await test.tool("echo").contains("result"))
        }
    }

    @Test("a server that closes its stdout or its stdin but lives on is replaced", arguments: ["stdout", "stdin"])
    func closedPipe(_ pipe: String) async throws {
        let script = "\(pipe == "stdout" ? "exec 1>&-" : "exec 0<&-"); exec sleep 1000"
        let limits = TestLimits(stopTimeout: .milliseconds(50))
        try await ProcessUnderTest.with(command: Programs.shellServer(script), limits: limits) { test async throws in
            #expect(try await test.until(.stopping).reason.contains("it closed its \(pipe)"))
            #expect(try await test.untilExit(of: 1).cause == .connectionLost(reason: "it closed its \(pipe)"))
            #expect(try await test.until(.ready).generation == 2)
        }
    }

    @Test("the answer a server gives right before it exits is never lost, be it small or large")
    func lastWords() async throws {
        let big = #"{"jsonrpc":"2.0","id":%s,"result":{"text":"%060000d"}}\n"#
        let commands = [
            try Programs.fixture([]),
            Programs.shellServer(#"read -r call; id=${call#*\"id\":}; printf '\#(big)' "${id%%,*}" 0; exit 1"#),
        ]
        for command in commands {
            try await ProcessUnderTest.with(command: command) { test in
                for life in 1...50 {
                    try await test.untilReady(inLife: life)
                    let answer = try await test.tool("crash", #"{"answer":true}"#)
                    #expect(answer.contains("my last words") || answer.utf8.count > 60_000, "\(answer.prefix(200))")
                }
            }
        }
    }

    @Test("20 kills under load: a call is answered, or lost and said so, or waits; nothing is left of the dead")
    func killedUnderLoad() async throws {
        try await ProcessUnderTest.with { test in
            var pipes: Set<String> = []
            var processes: [Int32] = []
            let calls = try await withThrowingTaskGroup(of: [EndedCall].self) { group in
                for caller in 1...4 {
                    group.addTask { try await test.load(by: UInt64(caller)) }
                }
                for life in 1...20 {
                    let process = try #require(try await test.untilReady(inLife: life).processID)
                    pipes.formUnion(ProcessTable.standardFiles(of: process))
                    processes.append(process)
                    kill(process, SIGKILL)
                }
                try await test.untilReady(inLife: 21)
                group.cancelAll()
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(try await test.tool("echo", #"{"after":1}"#).contains(#""after":1"#))
            #expect(calls.count > 20 && calls.allSatisfy { $0.sink.ends == 1 })
            #expect(calls.compactMap(\.turnedAway) == [])
            #expect(await test.server.snapshot().inFlight == 0)
            #expect(pipes.count == 60 && pipes.isDisjoint(with: ProcessTable.ownFiles()))
            #expect(!processes.contains { ProcessTable.exists($0) })
        }
    }
}

extension ProcessUnderTest {
    /// Waits until the server is ready in this life.
    @discardableResult
    func untilReady(inLife life: Int) async throws -> ServerSnapshot {
        while true {
            let snapshot = try await until(.ready)
            if snapshot.generation >= life { return snapshot }
        }
    }

    /// Makes a call that ends in `sink`.
    func call(_ line: String, by caller: UInt64 = 1, to sink: any CallerSink) async throws {
        let message = try Message(ByteBuffer(string: line))
        let id = try #require(message.id)
        await server.call(message, id: id, by: CallerID(caller), sink: sink)
    }

    /// Makes one call after the other until it is cancelled, and returns how they ended.
    fileprivate func load(by caller: UInt64) async throws -> [EndedCall] {
        var calls: [EndedCall] = []
        let text = String(repeating: "l", count: 5000)
        while !Task.isCancelled {
            let sink = CountingSink()
            let line = Self.toolCall("echo", #"{"text":"\#(text)"}"#, id: "\(calls.count)")
            try await call(line, by: caller, to: sink)
            // A cancelled task would not wait for it.
            calls.append(EndedCall(sink: sink, answer: await Task { await sink.end() }.value))
        }
        return calls
    }
}

private struct EndedCall {
    let sink: CountingSink
    let answer: Answer?

    /// Why it was refused, if it was neither answered nor sent and lost.
    var turnedAway: String? {
        guard case .unavailable(let unavailability, _) = answer else { return nil }
        return unavailability.reason.contains("not repeated") ? nil : unavailability.reason
    }
}
