import JSONRPC
import MCP
import NIOCore
import Supervision
import Synchronization
import TestSupport
import Testing

/// What callers see while a server starts, dies, and comes back.
@Suite struct ManagedServerLifeTests {
    private static let line = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#

    @Test("a call that comes while the server starts waits, and is sent once it is ready")
    func callsWaitForTheStart() async throws {
        try await ServerUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            let first = try await test.call(Self.line, by: 1)
            let second = try await test.call(Self.line, by: 2)
            connection.becomeReady()
            #expect(try #require(await connection.nextSent()).contains(#""id":1"#))
            #expect(try #require(await connection.nextSent()).contains(#""id":2"#))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":"a"}"#)
            connection.emit(#"{"jsonrpc":"2.0","id":2,"result":"b"}"#)
            #expect(await first.nextText() == #"{"jsonrpc":"2.0","id":1,"result":"a"}"#)
            #expect(await second.nextText() == #"{"jsonrpc":"2.0","id":1,"result":"b"}"#)
        }
    }

    @Test("[61] [148] a call in flight when the server dies is answered once, with its last words, and not repeated")
    func deathAnswersCalls() async throws {
        try await ServerUnderTest.with { test in
            let first = try await readyConnection(of: test)
            let sink = try await test.call(Self.line)
            _ = await first.nextSent()
            first.emit(.standardError(line: "out of cheese"))
            first.emit(.ended(.exited(status: 3), isPermanent: false))
            let reason = await sink.nextText()
            for part in ["scripted", "exited with status 3", "out of cheese", "not repeated"] {
                #expect(reason.contains(part), "\(reason)")
            }
            let second = try await readyConnection(of: test)
            let next = try await test.call(Self.line)
            #expect(try #require(await second.nextSent()).contains("tools/list"))
            second.emit(#"{"jsonrpc":"2.0","id":3,"result":0}"#)
            second.emit(#"{"jsonrpc":"2.0","id":2,"result":0}"#)
            #expect(await next.nextText() == #"{"jsonrpc":"2.0","id":1,"result":0}"#)
        }
    }

    @Test("[61] after a restart every session hears that its lists may have changed")
    func restartAnnouncesLists() async throws {
        try await ServerUnderTest.with { test in
            let first = try await readyConnection(of: test)
            let observer = Observer()
            await test.server.attach(observer, as: CallerID(1))
            first.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            #expect(await observer.next() == .tools)
            first.emit(.ended(.signalled(9), isPermanent: false))
            _ = try await readyConnection(of: test)
            #expect(await observer.next() == .tools)
        }
    }

    @Test("a call to a server that cannot be started is answered at once with the reason")
    func failedServerSaysWhy() async throws {
        try await ServerUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            let waiting = try await test.call(Self.line)
            connection.emit(.ended(.notStarted(reason: "nope: not found in /bin"), isPermanent: true))
            #expect(await waiting.nextText().contains("nope: not found in /bin"))
            let late = try await test.call(Self.line)
            #expect(await late.nextText().contains("failed"))
        }
    }

    @Test("a server whose command did not exist is started when the command has come")
    func missingCommandArrives() async throws {
        try await ServerUnderTest.with(repairInterval: .milliseconds(5)) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.emit(.ended(.notStarted(reason: "nope: not found in /bin"), isPermanent: true))
            test.connector.isStartable.withLock { $0 = true }
            _ = try await readyConnection(of: test)
            let sink = try await test.call(Self.line)
            await test.server.detach(CallerID(1))
            #expect(await sink.nextText() == "cancelled")
        }
    }

    @Test("what the server was is told at once while it is away, and on its first start when it is ready")
    func descriptionIsRemembered() async throws {
        try await ServerUnderTest.with { test in
            let connection = try #require(await test.connector.nextConnection())
            async let asked = test.describe()
            connection.becomeReady(capabilities: #"{"prompts":{}}"#)
            #expect(await asked?.features == [.prompts])
            connection.emit(.ended(.exited(status: 1), isPermanent: false))
            _ = try #require(await test.connector.nextConnection())
            #expect(await test.describe()?.features == [.prompts])
        }
    }

    @Test("[146] a server that does not go when its input is closed is asked, and then killed")
    func stopSequenceIsComplete() async throws {
        try await ServerUnderTest.with { test in
            let connection = try await readyConnection(of: test)
            await test.server.leave()
            var steps = connection.steps.makeAsyncIterator()
            #expect(await steps.next() == .closeInput)
            #expect(await steps.next() == .terminate)
            #expect(await steps.next() == .kill)
        }
    }

    @Test("a connection that becomes useless is stopped and replaced")
    func uselessConnectionIsReplaced() async throws {
        try await ServerUnderTest.with { test in
            let first = try await readyConnection(of: test)
            first.emit(.unusable(reason: "it closed its stdout"))
            var steps = first.steps.makeAsyncIterator()
            #expect(await steps.next() == .closeInput)
            first.emit(.ended(.exited(status: 0), isPermanent: false))
            _ = try await readyConnection(of: test)
            #expect(await test.server.snapshot().lastExit?.cause == .connectionLost(reason: "it closed its stdout"))
        }
    }

    @Test("a server that is switched off does not start, and says so")
    func disabledServerSaysSo() async throws {
        try await ServerUnderTest.with(launch: .disabled) { test in
            let sink = try await test.call(Self.line)
            #expect(await sink.nextText().contains("switched off in the configuration"))
        }
    }
}

extension ServerUnderTest {
    func describe() async -> ServerDescription? {
        await withCheckedContinuation { continuation in
            server.eventLoop.execute {
                server.assumeIsolated { server in
                    server.describe { continuation.resume(returning: try? $0.get()) }
                }
            }
        }
    }
}

private final class Observer: ServerObserver {
    private let changes: AsyncStream<Feature>
    private let continuation: AsyncStream<Feature>.Continuation

    init() { (changes, continuation) = AsyncStream.makeStream() }
    func listChanged(_ feature: Feature) { continuation.yield(feature) }
    func described(_ description: ServerDescription) {}
    func notified(_ notification: Message) {}
    func asked(_ request: ServerRequest) {}
    func withdrawn(_ request: ServerRequestID) {}
    func next() async -> Feature? { await changes.first { _ in true } }
}
