import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import GatewayCore

@Suite struct SessionEndTests {
    @Test("[58] a session for which something came is not idle")
    func touched() async throws {
        try await GatewayUnderTest.with { test in
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            try await test.gateway.eventLoop.submit {
                session.assumeIsolated { session in
                    while !session.isIdle(for: .milliseconds(100)) {}
                    session.touch()
                    let isIdle = session.isIdle(for: .milliseconds(100))
                    #expect(!isIdle)
                }
            }.get()
        }
    }

    private final class Stream: SessionStream {
        let hasEnded = Mutex(false)

        func deliver(_ message: ByteBuffer) {}
        func end() { hasEnded.withLock { $0 = true } }
    }

    @Test("who wants to know of a session's end is told once, after its stream has ended, and at once if it is over")
    func whenOver() async throws {
        try await GatewayUnderTest.with { test in
            let session = try await test.gateway.openSession(on: test.route, principal: .anonymous)
            let stream = Stream()
            await session.attach(stream)
            let told = Told()
            await session.whenOver { told.notes.withLock { $0.append(stream.hasEnded.withLock { $0 }) } }
            #expect(told.all == [])
            await test.gateway.close(session)
            await test.gateway.close(session)
            #expect(told.all == [true])
            await session.whenOver { told.notes.withLock { $0.append(false) } }
            #expect(told.all == [true, false])
        }
    }

    private final class Told: Sendable {
        let notes = Mutex<[Bool]>([])
        var all: [Bool] { notes.withLock { $0 } }
    }
}
