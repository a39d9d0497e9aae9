import JSONRPC
import MCP
import NIOCore
import Supervision
import TestSupport
import Testing

/// Callers that come and go with one call, as clients without sessions do.
@Suite struct CallOnceTests {
    private static let ann = PoolUnderTest.caller(1, capabilities: #"{"elicitation":{}}"#, revision: .newestModern)
    private static let answer = #"{"jsonrpc":"2.0","id":1,"result":{}}"#

    @Test("[113] whoever makes a call of its own is asked in the course of it, without being attached")
    func asked() async throws {
        try await PoolUnderTest.with(Isolation()) { test in
            let shared = try await test.next()
            let observer = RecordingObserver()
            let sink = try await test.callOnce(Self.ann, observer: observer)
            #expect(await shared.nextSent() == Questions.call(1))
            shared.emit(Questions.elicitation(id: "9"))
            #expect(await observer.next() == "asked elicitation/create in a call")
            #expect(await test.pool.snapshot().isInteractive)
            let response = try Message(Questions.result(id: "1"))
            let id = try #require(observer.ids.first)
            #expect(await test.act { $0.answer(id, with: response, by: Self.ann.id) })
            #expect(await shared.nextSent() == Questions.result(id: "9"))
            shared.emit(Self.answer)
            #expect(await sink.nextText() == Self.answer)
        }
    }

    @Test("[118] it is told that a question needs no answer, by the server and by the end of the call")
    func withdrawn() async throws {
        try await PoolUnderTest.with(Isolation()) { test in
            let shared = try await test.next()
            let observer = RecordingObserver()
            _ = try await test.callOnce(Self.ann, observer: observer)
            _ = await shared.nextSent()
            shared.emit(Questions.elicitation(id: "9"))
            #expect(await observer.next() == "asked elicitation/create in a call")
            shared.emit(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}"#)
            #expect(await observer.next() == "withdrawn 1")
            shared.emit(Questions.elicitation(id: "10"))
            #expect(await observer.next() == "asked elicitation/create in a call")
            shared.emit(Self.answer)
            #expect(await observer.next() == "withdrawn 2")
            #expect(await shared.nextSent()?.contains(#""id":10,"error""#) == true)
        }
    }

    @Test("it hears nothing but what concerns its call, and nothing afterwards")
    func silence() async throws {
        try await PoolUnderTest.with(Isolation()) { test in
            let shared = try await test.next()
            let observer = RecordingObserver()
            let sink = try await test.callOnce(Self.ann, observer: observer)
            _ = await shared.nextSent()
            shared.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            shared.emit(Self.answer)
            #expect(await sink.nextText() == Self.answer)
            shared.emit(Questions.elicitation(id: "9"))
            #expect(await shared.nextSent()?.contains("nobody can be asked") == true)
            #expect(observer.ids.isEmpty)
        }
    }

    @Test("[84] when it goes its call is cancelled, whether it waits or was sent")
    func gone() async throws {
        try await PoolUnderTest.with(Isolation()) { test in
            let connection = try #require(await test.connector.nextConnection())
            let early = try await test.callOnce(Self.ann, observer: RecordingObserver())
            await test.act { $0.detach(Self.ann.id) }
            #expect(await early.nextText() == "cancelled")
            connection.becomeReady()
            let bob = PoolUnderTest.caller(2, revision: .newestModern)
            let sent = try await test.callOnce(bob, observer: RecordingObserver())
            #expect(await connection.nextSent() == Questions.call(1))
            await test.act { $0.detach(bob.id) }
            #expect(await sent.nextText() == "cancelled")
            #expect(await connection.nextSent()?.contains("notifications/cancelled") == true)
        }
    }

    @Test("where callers have instances of their own it is known until its answer, and borrows one")
    func borrowed() async throws {
        try await PoolUnderTest.with(Isolation(isInteractive: true)) { test in
            _ = try await test.next()
            let observer = RecordingObserver()
            let sink = try await test.callOnce(Self.ann, observer: observer)
            let own = try await test.next()
            #expect(await own.nextSent() == Questions.call(1))
            own.emit(Questions.elicitation(id: "9"))
            #expect(await observer.hears("asked elicitation/create in a call"))
            own.emit(Self.answer)
            #expect(await sink.nextText() == Self.answer)
            _ = await own.nextSent()
            // It has given the instance back without being asked to.
            let bob = PoolUnderTest.caller(2, capabilities: #"{"elicitation":{}}"#, revision: .newestModern)
            _ = try await test.callOnce(bob, observer: RecordingObserver())
            #expect(await own.nextSent() == Questions.call(2))
        }
    }
}
