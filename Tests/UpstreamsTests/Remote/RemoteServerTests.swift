import JSONRPC
import Logging
import NIOCore
import NIOPosix
import Supervision
import Synchronization
import TestHTTP
import TestSupport
import Testing

@testable import Upstreams

/// A managed server that is reached over HTTP: what callers notice of all that.
@Suite(.timeLimit(.minutes(2))) struct RemoteServerTests {
    private typealias Test = RemoteUnderTest

    /// Runs `body` beside a started server at this URL, and stops it afterwards.
    private static func with(
        _ url: String, _ body: (ManagedServer, AsyncStream<ServerSnapshot>) async throws -> Void
    ) async throws {
        let connector = RemoteConnector(
            client: try RemoteUnderTest.client.get(), gatewayName: "gateway", gatewayVersion: "1",
            userAgent: "gateway/1")
        let specification = ServerSpecification(
            name: "remote", launch: .remote(RemoteEndpoint(url: url)),
            restart: RestartPolicy(initial: .milliseconds(1), max: .milliseconds(1), attempts: 1000))
        let server = ManagedServer(
            specification, on: MultiThreadedEventLoopGroup.singleton.next(), connector: connector,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (snapshots, continuation) = AsyncStream.makeStream(of: ServerSnapshot.self)
        await server.observe { continuation.yield($0) }
        await server.start()
        do {
            try await body(server, snapshots)
        } catch {
            await server.leave()
            throw error
        }
        await server.leave()
        await server.untilGone()
    }

    private static func call(_ server: ManagedServer, _ id: String) async throws -> CollectingSink {
        let sink = CollectingSink()
        let line = #"{"jsonrpc":"2.0","id":"\#(id)","method":"tools/call","params":{"name":"t"}}"#
        let message = try Message(ByteBuffer(string: line))
        await server.call(message, id: RequestID(json: ByteBuffer(string: "\"\(id)\"")), by: CallerID(1), sink: sink)
        return sink
    }

    /// A streamable server that answers every call with its name and the number of calls so far, and whose sessions
    /// are good for so many calls.
    private static func play(_ exchange: TestHTTPExchange, callsASession: Int, counter: Counter) {
        guard exchange.method == "POST" else { return exchange.respond(status: 405) }
        guard let message = try? Message(exchange.body), let id = message.id, message.kind == .request else {
            return exchange.respond(status: 202)
        }
        if message.isMethod("initialize") {
            let session = counter.newSession(for: callsASession)
            return exchange.respondJSON(Test.initializeResult(), headers: [("Mcp-Session-Id", session)])
        }
        guard let number = counter.call(in: exchange.header("mcp-session-id") ?? "") else {
            return exchange.respond(status: 404)
        }
        exchange.respondJSON(#"{"jsonrpc":"2.0","id":\#(String(buffer: id.json)),"result":{"n":\#(number)}}"#)
    }

    @Test("139: a server that forgets its sessions all the time answers every call, each of them once")
    func forgetful() async throws {
        let counter = Counter()
        let peer = try await TestHTTPServer.start { Self.play($0, callsASession: 3, counter: counter) }
        try await Self.with(peer.url("/mcp")) { server, snapshots in
            _ = await snapshots.first { $0.phase == .ready }
            for number in 1...20 {
                let text = try await Self.call(server, "c\(number)").nextText()
                #expect(text == #"{"jsonrpc":"2.0","id":"c\#(number)","result":{"n":\#(number)}}"#)
            }
            #expect(await server.snapshot().generation == 1)
        }
        await peer.stop()
    }

    @Test("a call to a server that has just been restarted waits for the new connection")
    func restarted() async throws {
        let counter = Counter()
        let first = try await TestHTTPServer.start { Self.play($0, callsASession: 1000, counter: counter) }
        try await Self.with(first.url("/mcp")) { server, snapshots in
            _ = await snapshots.first { $0.phase == .ready }
            #expect(try await Self.call(server, "a").nextText().contains(#""n":1"#))
            await first.stop()
            let sink = try await Self.call(server, "b")
            _ = await snapshots.first { $0.phase == .backingOff }
            let second = try await TestHTTPServer.start(port: first.port) {
                Self.play($0, callsASession: 1000, counter: counter)
            }
            #expect(await sink.nextText().contains(#""n":2"#))
            #expect(await server.snapshot().generation > 1)
            await second.stop()
        }
    }

    @Test("a restart on request goes through every phase, over each transport", arguments: ["/mcp", "/sse"])
    func phases(path: String) async throws {
        let peer = try await TestHTTPServer.start { exchange in
            switch (exchange.method, exchange.uri) {
            case ("GET", "/sse"):
                exchange.beginEvents()
                exchange.write("event: endpoint\ndata: /m\n\n")
                exchange.event(Test.initializeResult())
            case ("POST", "/mcp") where exchange.text.contains(#""initialize""#):
                exchange.respondJSON(Test.initializeResult())
            case ("POST", _): exchange.respond(status: 202)
            default: exchange.respond(status: 405)
            }
        }
        try await Self.with(peer.url(path)) { server, snapshots in
            _ = await snapshots.first { $0.phase == .ready }
            await server.restart()
            var phases: [ServerSnapshot.Phase] = []
            while phases.last != .ready, let next = await snapshots.first(where: { _ in true }) {
                phases.append(next.phase)
            }
            #expect(phases == [.stopping, .starting, .ready])
        }
        await peer.stop()
    }

    @Test("a server that dies with a call gets no second one: its caller is told")
    func died() async throws {
        let peer = try await TestHTTPServer.start()
        try await Self.with(peer.url("/sse")) { server, snapshots in
            let stream = try #require(await peer.next())
            stream.beginEvents()
            stream.write("event: endpoint\ndata: /m\n\n")
            try #require(await peer.next()).respond(status: 202)
            stream.event(Test.initializeResult())
            try #require(await peer.next()).respond(status: 202)
            _ = await snapshots.first { $0.phase == .ready }
            let sink = try await Self.call(server, "a")
            try #require(await peer.next()).respond(status: 202)
            stream.abort()
            let text = await sink.nextText()
            #expect(text.contains("the stream of events broke") && text.contains("the call is not repeated"))
            #expect(try #require(await peer.next()).method == "GET")
        }
        await peer.stop()
    }
}

extension RemoteServerTests {
    /// The sessions of a played server, and how many calls it has answered.
    final class Counter: Sendable {
        private let state = Mutex(State())

        private struct State {
            var sessions: [String: Int] = [:]
            var calls = 0
        }

        func newSession(for calls: Int) -> String {
            state.withLock { state in
                let id = "session-\(state.sessions.count + 1)"
                state.sessions[id] = calls
                return id
            }
        }

        func call(in session: String) -> Int? {
            state.withLock { state in
                guard let left = state.sessions[session], left > 0 else { return nil }
                state.sessions[session] = left - 1
                state.calls += 1
                return state.calls
            }
        }
    }
}
