import JSONRPC
import MCP
import NIOCore
import Supervision
import TestSupport
import Testing

/// What callers of one server hear, and what the server is asked on behalf of all of them.
@Suite struct ManagedServerListeningTests {
    private static let (ann, bob) = (CallerID(1), CallerID(2))
    private static let capabilities = #"{"tools":{},"logging":{},"resources":{"subscribe":true}}"#

    private static func subscribe(_ id: Int, _ uri: String = "x:1", method: String = "subscribe") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"resources/\#(method)","params":{"uri":"\#(uri)"}}"#
    }

    private static func updated(_ uri: String) -> String {
        #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"\#(uri)"}}"#
    }

    private static func log(_ level: String) -> String {
        #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"\#(level)","data":"x"}}"#
    }

    private static func with(
        callTimeout: Duration = .seconds(60),
        _ body: (ServerUnderTest, ScriptedConnection, RecordingObserver, RecordingObserver) async throws -> Void
    ) async throws {
        try await ServerUnderTest.with(callTimeout: callTimeout) { test in
            let connection = try #require(await test.connector.nextConnection())
            connection.becomeReady(capabilities: capabilities)
            let (ann, bob) = (RecordingObserver(), RecordingObserver())
            _ = await test.describe()
            await test.server.attach(ann, as: Self.ann)
            await test.server.attach(bob, as: Self.bob)
            try await body(test, connection, ann, bob)
        }
    }

    private static func wish(_ test: ServerUnderTest, _ line: String, by caller: CallerID) async throws
        -> CollectingSink
    {
        let sink = CollectingSink()
        let message = try Message(line)
        let id = try #require(message.id)
        if message.isMethod("resources/subscribe") {
            await test.server.subscribe(message, id: id, by: caller, sink: sink)
        } else {
            await test.server.unsubscribe(message, id: id, by: caller, sink: sink)
        }
        return sink
    }

    @Test("[121] [122] two callers and one resource: one subscription upstream, both are told, one leaving keeps it")
    func shared() async throws {
        try await Self.with { test, connection, ann, bob in
            let first = try await Self.wish(test, Self.subscribe(7), by: Self.ann)
            let second = try await Self.wish(test, Self.subscribe(7), by: Self.bob)
            #expect(await connection.nextSent() == Self.subscribe(1))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{"extra":1}}"#)
            for sink in [first, second] {
                #expect(await sink.nextText() == #"{"jsonrpc":"2.0","id":7,"result":{}}"#)
            }
            connection.emit(Self.updated("x:1"))
            #expect(await ann.next() == Self.updated("x:1"))
            #expect(await bob.next() == Self.updated("x:1"))
            let left = try await Self.wish(test, Self.subscribe(8, method: "unsubscribe"), by: Self.ann)
            #expect(await left.nextText() == #"{"jsonrpc":"2.0","id":8,"result":{}}"#)
            connection.emit(Self.updated("x:1"))
            #expect(await bob.next() == Self.updated("x:1"))
            await test.server.detach(Self.bob)
            #expect(await connection.nextSent() == Self.subscribe(2, method: "unsubscribe"))
        }
    }

    @Test("[122] a refused subscription is refused to everybody who waits for it, with the server's words")
    func refused() async throws {
        try await Self.with { test, connection, _, _ in
            let sink = try await Self.wish(test, Self.subscribe(7), by: Self.ann)
            _ = await connection.nextSent()
            connection.emit(#"{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"no","data":1.0}}"#)
            #expect(
                await sink.nextText() == #"{"jsonrpc":"2.0","id":7,"error":{"code":-32002,"message":"no","data":1.0}}"#)
        }
    }

    @Test("a subscription that waits for the server can be cancelled")
    func cancelled() async throws {
        try await Self.with { test, connection, _, _ in
            let sink = try await Self.wish(test, Self.subscribe(6, "x:2"), by: Self.ann)
            _ = await connection.nextSent()
            #expect(await test.server.callsInFlight(of: Self.ann) == 1)
            try await test.cancel("6")
            guard case .cancelled? = await sink.next() else {
                Issue.record("it was not cancelled")
                return
            }
            #expect(await test.server.callsInFlight(of: Self.ann) == 0)
        }
    }

    @Test("[61] after a restart subscriptions and the log level are there again, and what may have changed is said")
    func restart() async throws {
        try await Self.with { test, connection, ann, _ in
            await test.server.setLogLevel(.debug, of: Self.ann)
            #expect(await connection.nextSent()?.contains(#""level":"debug""#) == true)
            _ = try await Self.wish(test, Self.subscribe(7), by: Self.ann)
            _ = await connection.nextSent()
            connection.emit(#"{"jsonrpc":"2.0","id":2,"result":{}}"#)
            connection.emit(.ended(.signalled(9), isPermanent: false))
            let next = try #require(await test.connector.nextConnection())
            next.becomeReady(capabilities: Self.capabilities)
            #expect(await next.nextSent()?.contains(#""level":"debug""#) == true)
            let again = try Message(try #require(await next.nextSent()))
            #expect(again.isMethod("resources/subscribe") && again.paramsURI == "x:1")
            let id = String(buffer: try #require(again.id).json)
            next.emit(#"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
            #expect(await ann.hears(Self.updated("x:1")))
        }
    }

    @Test("[123] the server logs what the most verbose wants, and each gets what it wants of its own calls")
    func levels() async throws {
        try await Self.with { test, connection, _, _ in
            await test.server.setLogLevel(.error, of: Self.ann)
            #expect(await connection.nextSent()?.contains(#""level":"error""#) == true)
            await test.server.setLogLevel(.debug, of: Self.bob)
            #expect(await connection.nextSent()?.contains(#""level":"debug""#) == true)
            let call = try await test.call(Questions.call(1), by: 1)
            _ = await connection.nextSent()
            for level in ["debug", "warning", "critical"] { connection.emit(Self.log(level)) }
            #expect(await call.nextText() == Self.log("critical"))
            // Nobody needs so much any more, once the other is gone.
            await test.server.detach(Self.bob)
            #expect(await connection.nextSent()?.contains(#""level":"error""#) == true)
        }
    }

    @Test("[123] a log message goes to nobody when calls of several callers are in flight, but for what names its call")
    func logOwner() async throws {
        try await Self.with { test, connection, _, _ in
            let first = try await test.call(Questions.call(1), by: 1)
            let second = try await test.call(Questions.call(1), by: 2)
            for _ in 0..<2 { _ = await connection.nextSent() }
            connection.emit(Self.log("error"))
            connection.emit(.message(try Message(Self.log("alert")), during: RequestID(2)))
            #expect(await second.nextText() == Self.log("alert"))
            connection.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(await first.nextText() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        }
    }
}
