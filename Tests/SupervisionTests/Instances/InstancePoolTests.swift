import JSONRPC
import MCP
import NIOCore
import Supervision
import TestSupport
import Testing

/// Which instance serves whom.
@Suite struct InstancePoolTests {
    @Test("with isolation by session each has an instance of its own, which is told of that client and ends with it")
    func sessions() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session)) { test in
            _ = try await test.next()
            let (ann, bob) = (
                PoolUnderTest.caller(1, capabilities: #"{"roots":{},"tasks":{}}"#), PoolUnderTest.caller(2)
            )
            await test.act { $0.attach(RecordingObserver(), as: ann) }
            _ = try await test.call(ann)
            let first = try await test.next()
            #expect(String(buffer: first.specification.clientCapabilities.json) == #"{"roots":{}}"#)
            #expect(await first.nextSent() == Questions.call(1))
            _ = try await test.call(bob)
            let second = try await test.next()
            #expect(await second.nextSent() == Questions.call(1))
            #expect(await test.pool.snapshot().instances == 3)
            await test.act { $0.detach(ann.id) }
            #expect(await first.steps.first { _ in true } == .closeInput)
            first.emit(.ended(.exited(status: 0), isPermanent: false))
            #expect(await test.pool.snapshot().instances == 2)
        }
    }

    @Test("with isolation by principal the sessions of one share an instance")
    func principals() async throws {
        try await PoolUnderTest.with(Isolation(mode: .principal)) { test in
            _ = try await test.next()
            _ = try await test.call(PoolUnderTest.caller(1, "p"))
            let first = try await test.next()
            #expect(await first.nextSent()?.contains(#""id":1"#) == true)
            _ = try await test.call(PoolUnderTest.caller(2, "p"))
            #expect(await first.nextSent()?.contains(#""id":2"#) == true)
            _ = try await test.call(PoolUnderTest.caller(3, "q"))
            let second = try await test.next()
            #expect(await second.nextSent()?.contains(#""id":1"#) == true)
            #expect(String(buffer: second.specification.clientCapabilities.json) == "{}")
        }
    }

    @Test("when there are too many instances a call that needs another gets an error that names the key")
    func limit() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session, limit: 1)) { test in
            _ = try await test.next()
            _ = try await test.call(PoolUnderTest.caller(1))
            _ = try await test.next()
            let sink = try await test.call(PoolUnderTest.caller(2))
            guard case .unavailable(let why)? = await sink.next() else {
                Issue.record("it was served")
                return
            }
            #expect(why.reason.contains("instances.max"))
        }
    }

    @Test("an instance that nobody uses is stopped, and the next call starts another")
    func idle() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session, idle: .milliseconds(50))) { test in
            _ = try await test.next()
            let sink = try await test.call(PoolUnderTest.caller(1))
            let first = try await test.next()
            _ = await first.nextSent()
            first.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            _ = await sink.next()
            #expect(await first.steps.first { _ in true } == .closeInput)
            first.emit(.ended(.exited(status: 0), isPermanent: false))
            _ = try await test.call(PoolUnderTest.caller(1))
            let second = try await test.next()
            #expect(await second.nextSent()?.contains(#""id":1"#) == true)
        }
    }

    @Test("once a shared server was seen asking, sessions that can be asked get instances of their own, others do not")
    func interactive() async throws {
        try await PoolUnderTest.with(Isolation()) { test in
            let shared = try await test.next()
            let ann = PoolUnderTest.caller(1, capabilities: #"{"elicitation":{}}"#)
            let observer = RecordingObserver()
            await test.act { $0.attach(observer, as: ann) }
            _ = try await test.call(ann)
            _ = await shared.nextSent()
            shared.emit(Questions.elicitation(id: "9"))
            // Nothing was declared to it; it asks all the same, and it is certain whom.
            #expect(await observer.hears("asked elicitation/create in a call"))
            #expect(await test.pool.snapshot().isInteractive)
            let message = try Message(Questions.result(id: "1"))
            let id = observer.ids[0]
            #expect(await test.act { $0.answer(id, with: message, by: ann.id) })
            #expect(await shared.nextSent() == Questions.result(id: "9"))
            _ = try await test.call(ann, id: 2)
            let own = try await test.next()
            #expect(await own.nextSent() == Questions.call(1))
            // Even between calls there is nobody else whom it could mean.
            own.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            own.emit(Questions.elicitation(id: "10"))
            #expect(await observer.hears("asked elicitation/create alone"))
            _ = try await test.call(PoolUnderTest.caller(2))
            #expect(await shared.nextSent()?.contains(#""id":2"#) == true)
        }
    }

    @Test("callers without a session share the instance of their principal, and the gateway's own use the first")
    func stateless() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session)) { test in
            let shared = try await test.next()
            _ = try await test.call(PoolUnderTest.caller(1, revision: .r2026_07_28))
            let own = try await test.next()
            #expect(await own.nextSent()?.contains(#""id":1"#) == true)
            _ = try await test.call(PoolUnderTest.caller(2, revision: .r2026_07_28))
            #expect(await own.nextSent()?.contains(#""id":2"#) == true)
            _ = try await test.call(Caller(CallerID(3), ClientProfile(principal: .gateway)))
            #expect(await shared.nextSent()?.contains(#""id":1"#) == true)
        }
    }

    @Test("a configured interactive server beyond its instances serves from the shared one")
    func interactiveLimit() async throws {
        try await PoolUnderTest.with(Isolation(isInteractive: true, limit: 1)) { test in
            let shared = try await test.next()
            let capabilities = #"{"sampling":{}}"#
            _ = try await test.call(PoolUnderTest.caller(1, capabilities: capabilities))
            let own = try await test.next()
            #expect(await own.nextSent() == Questions.call(1))
            _ = try await test.call(PoolUnderTest.caller(2, capabilities: capabilities))
            #expect(await shared.nextSent() == Questions.call(1))
        }
    }

    @Test("a refused question names a key only if that is not set yet", arguments: [false, true])
    func advice(isInteractive: Bool) async throws {
        try await PoolUnderTest.with(Isolation(isInteractive: isInteractive)) { test in
            let shared = try await test.next()
            shared.emit(Questions.elicitation(id: "9"))
            let refusal = try #require(await shared.nextSent())
            #expect(refusal.contains("nobody can be asked"))
            #expect(refusal.contains(#"set \"interactive\""#) != isInteractive)
        }
    }

    @Test("clients without sessions that share an instance are not sent in circles")
    func adviceWithoutSessions() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session)) { test in
            _ = try await test.next()
            let capabilities = #"{"elicitation":{}}"#
            for number in 1...2 {
                let caller = PoolUnderTest.caller(
                    UInt64(number), capabilities: capabilities, revision: .newestModern)
                _ = try await test.callOnce(caller, observer: RecordingObserver())
            }
            let own = try await test.next()
            for _ in 1...2 { _ = await own.nextSent() }
            own.emit(Questions.elicitation(id: "9"))
            let refusal = try #require(await own.nextSent())
            #expect(refusal.contains("several clients") && refusal.contains("without isolation"))
            #expect(!refusal.contains(#"set \"isolation\""#))
        }
    }

    @Test("[122] a subscription moves with its session to an instance of its own, and is given up where it was")
    func movedSubscription() async throws {
        try await PoolUnderTest.with(Isolation()) { test in
            let shared = try await test.next()
            let ann = PoolUnderTest.caller(1, capabilities: #"{"sampling":{}}"#)
            let observer = RecordingObserver()
            await test.act { $0.attach(observer, as: ann) }
            let wish = try Message(
                #"{"jsonrpc":"2.0","id":7,"method":"resources/subscribe","params":{"uri":"x:a"}}"#)
            let granted = CollectingSink()
            await test.act { $0.subscribe(wish, id: RequestID(7), by: ann, sink: granted) }
            #expect(await shared.nextSent()?.contains("resources/subscribe") == true)
            shared.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            _ = await granted.next()
            shared.emit(#"{"jsonrpc":"2.0","id":"s","method":"sampling/createMessage","params":{}}"#)
            #expect(await shared.nextSent()?.contains(#""id":"s""#) == true)
            _ = try await test.call(ann)
            #expect(await shared.nextSent()?.contains("resources/unsubscribe") == true)
            let own = try await test.next()
            let sent = [await own.nextSent(), await own.nextSent()].compactMap { $0 }
            #expect(sent.contains { $0.contains("resources/subscribe") && $0.contains("x:a") })
        }
    }

    @Test("[113] an instance that ends with its last call still gets the answers to what it asks")
    func retiredInstance() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session)) { test in
            _ = try await test.next()
            let ann = PoolUnderTest.caller(1, capabilities: #"{"sampling":{}}"#)
            let observer = RecordingObserver()
            await test.act { $0.attach(observer, as: ann) }
            _ = try await test.call(ann)
            let own = try await test.next()
            _ = await own.nextSent()
            for pool in await test.supervisor.apply([]) {
                await test.supervisor.retire(pool, grace: .seconds(60)) {}
            }
            await test.act { $0.unobserve(ann.id) }
            own.emit(#"{"jsonrpc":"2.0","id":"s","method":"sampling/createMessage","params":{}}"#)
            #expect(await observer.hears("asked sampling/createMessage in a call"))
            let question = try #require(observer.ids.first)
            let answer = try Message(#"{"jsonrpc":"2.0","id":0,"result":{"model":"m"}}"#)
            #expect(await test.act { $0.answer(question, with: answer, by: ann.id) })
            #expect(await own.nextSent() == #"{"jsonrpc":"2.0","id":"s","result":{"model":"m"}}"#)
            own.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            #expect(await own.steps.first { _ in true } == .closeInput)
        }
    }

    @Test("callers without sessions borrow an instance, one after the other, and are heard there")
    func loans() async throws {
        try await PoolUnderTest.with(Isolation(isInteractive: true)) { test in
            _ = try await test.next()
            func borrower(_ number: UInt64) -> Caller {
                PoolUnderTest.caller(number, capabilities: #"{"sampling":{}}"#, revision: .newestModern)
            }
            let (ann, bob, cyd) = (borrower(1), borrower(2), borrower(3))
            let sink = try await test.call(ann)
            let first = try await test.next()
            #expect(await first.nextSent() == Questions.call(1))
            // The first is lent, so that nobody else's questions can be taken for hers.
            _ = try await test.call(bob)
            let second = try await test.next()
            #expect(await second.nextSent() == Questions.call(1))
            first.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            _ = await sink.next()
            await test.act { $0.detach(ann.id) }
            let observer = RecordingObserver()
            await test.act { $0.attach(observer, as: cyd) }
            _ = try await test.call(cyd)
            #expect(await first.nextSent()?.contains(#""id":2"#) == true)
            #expect(await test.pool.snapshot().instances == 3)
            first.emit(#"{"jsonrpc":"2.0","id":"s","method":"sampling/createMessage","params":{}}"#)
            #expect(await observer.hears("asked sampling/createMessage in a call"))
        }
    }

    @Test("[109] an instance that may still be at work on a call that was given up is lent to nobody")
    func loansOfTheBusy() async throws {
        try await PoolUnderTest.with(Isolation(isInteractive: true)) { test in
            _ = try await test.next()
            func borrower(_ number: UInt64) -> Caller {
                PoolUnderTest.caller(number, capabilities: #"{"sampling":{}}"#, revision: .newestModern)
            }
            let (ann, bob) = (borrower(1), borrower(2))
            _ = try await test.call(ann)
            let first = try await test.next()
            #expect(await first.nextSent() == Questions.call(1))
            await test.act { $0.detach(ann.id) }
            _ = try await test.call(bob)
            let second = try await test.next()
            #expect(await second.nextSent() == Questions.call(1))
        }
    }

    @Test("what the gateway asks for itself starts no instance, whatever the isolation")
    func gateway() async throws {
        for mode in [Isolation.Mode.session, .principal] {
            try await PoolUnderTest.with(Isolation(mode: mode)) { test in
                let base = try await test.next()
                let own = Caller(CallerID(9), ClientProfile(principal: .gateway))
                _ = try await test.call(own)
                #expect(await base.nextSent() == Questions.call(1))
                #expect(await test.pool.snapshot().instances == 1)
            }
        }
    }

    @Test("without a session there is one instance for all requests of a principal, not one for each")
    func statelessIsolation() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session)) { test in
            _ = try await test.next()
            _ = try await test.call(PoolUnderTest.caller(1, revision: .newestModern))
            let own = try await test.next()
            _ = await own.nextSent()
            _ = try await test.call(PoolUnderTest.caller(2, revision: .newestModern))
            #expect(await own.nextSent()?.contains(#""id":2"#) == true)
        }
    }

    @Test("[123] what an instance says of nobody's call reaches its client alone; so do changes of its lists")
    func listening() async throws {
        try await PoolUnderTest.with(Isolation(mode: .session)) { test in
            let shared = try await test.next()
            let (ann, bob) = (PoolUnderTest.caller(1), PoolUnderTest.caller(2))
            let (first, second) = (RecordingObserver(), RecordingObserver())
            await test.act { $0.attach(first, as: ann) }
            await test.act { $0.attach(second, as: bob) }
            _ = try await test.call(ann)
            let own = try await test.next()
            _ = await own.nextSent()
            own.emit(#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            let log = #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":1}}"#
            own.emit(log)
            #expect(await first.hears(log))
            shared.emit(#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#)
            #expect(await second.hears("changed tools"))
            let other = #"{"jsonrpc":"2.0","method":"notifications/x"}"#
            own.emit(other)
            #expect(await first.hears(other))
        }
    }
}
