import FuzzSupport
import NIOCore
import Testing

@testable import Downstream

@Suite("replay buffer")
struct ReplayBufferTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func buffer(events: Int = 3, bytes: Int = 100, age: TimeAmount = .seconds(10)) -> ReplayBuffer {
        ReplayBuffer(.init(events: events, bytes: bytes, age: age))
    }

    /// What is replayed, or why nothing is.
    private func replay(_ buffer: ReplayBuffer, after number: UInt64) -> Result<[String], ReplayBuffer.Refusal> {
        do throws(ReplayBuffer.Refusal) {
            return .success(try buffer.frames(after: number).map { String(buffer: $0) })
        } catch {
            return .failure(error)
        }
    }

    @Test("what came after an event is replayed in order; before the first and after the last there is none")
    func replays() {
        var buffer = buffer()
        #expect(replay(buffer, after: 0) == .failure(.unknown))
        #expect(replay(buffer, after: 1) == .failure(.unknown))
        for text in ["a", "b", "c"] {
            #expect(buffer.next == buffer.last + 1)
            buffer.append(ByteBuffer(string: text), at: Self.start)
        }
        #expect(replay(buffer, after: 0) == .failure(.unknown))
        #expect(replay(buffer, after: 1) == .success(["b", "c"]))
        #expect(replay(buffer, after: 2) == .success(["c"]))
        #expect(replay(buffer, after: 3) == .success([]))
        #expect(replay(buffer, after: 4) == .failure(.unknown))
        #expect(replay(buffer, after: .max) == .failure(.unknown))
    }

    @Test("a mark is no event, and one can come back to it")
    func marks() {
        var buffer = buffer()
        #expect(buffer.mark() == 1)
        buffer.append(ByteBuffer(string: "a"), at: Self.start)
        #expect(buffer.mark() == 3)
        #expect(buffer.mark() == 4)
        buffer.append(ByteBuffer(string: "b"), at: Self.start)
        #expect(buffer.count == 2)
        #expect(replay(buffer, after: 1) == .success(["a", "b"]))
        #expect(replay(buffer, after: 3) == .success(["b"]))
        #expect(replay(buffer, after: 5) == .success([]))
    }

    @Test("of one event too many the oldest is forgotten, and nobody can go on from before it")
    func events() {
        var buffer = buffer(events: 2)
        _ = buffer.mark()
        for text in ["a", "b", "c"] { buffer.append(ByteBuffer(string: text), at: Self.start) }
        #expect(replay(buffer, after: 1) == .failure(.forgotten))
        #expect(replay(buffer, after: 2) == .success(["b", "c"]))
        #expect(buffer.bytes == 2)
    }

    @Test("bytes are kept up to the limit; one more, and the oldest go")
    func bytes() {
        var buffer = buffer(bytes: 10)
        _ = buffer.mark()
        buffer.append(ByteBuffer(string: "12345"), at: Self.start)
        buffer.append(ByteBuffer(string: "67890"), at: Self.start)
        #expect(replay(buffer, after: 1) == .success(["12345", "67890"]))
        buffer.append(ByteBuffer(string: "x"), at: Self.start)
        #expect(replay(buffer, after: 1) == .failure(.forgotten))
        #expect(replay(buffer, after: 2) == .success(["67890", "x"]))
        #expect(buffer.bytes == 6)
    }

    @Test("an event that is longer than what may be kept is forgotten with all before it")
    func longEvent() {
        var buffer = buffer(bytes: 10)
        buffer.append(ByteBuffer(string: "a"), at: Self.start)
        buffer.append(ByteBuffer(string: "12345678901"), at: Self.start)
        #expect((buffer.count, buffer.bytes) == (0, 0))
        #expect(replay(buffer, after: 1) == .failure(.forgotten))
        #expect(replay(buffer, after: 2) == .success([]))
        buffer.append(ByteBuffer(string: "b"), at: Self.start)
        #expect(replay(buffer, after: 2) == .success(["b"]))
    }

    @Test("events are kept for their age and no longer, whether others come or not")
    func age() {
        var buffer = buffer(age: .seconds(10))
        _ = buffer.mark()
        buffer.append(ByteBuffer(string: "a"), at: Self.start)
        buffer.append(ByteBuffer(string: "b"), at: Self.start + .seconds(4))
        buffer.forget(at: Self.start + .seconds(10))
        #expect(replay(buffer, after: 1) == .success(["a", "b"]))
        buffer.forget(at: Self.start + .seconds(10) + .nanoseconds(1))
        #expect(replay(buffer, after: 1) == .failure(.forgotten))
        #expect(replay(buffer, after: 2) == .success(["b"]))
        buffer.append(ByteBuffer(string: "c"), at: Self.start + .seconds(15))
        #expect(replay(buffer, after: 2) == .failure(.forgotten))
        #expect(replay(buffer, after: 3) == .success(["c"]))
    }

    @Test("who has missed nothing can go on even when all is forgotten")
    func forgetAll() {
        var buffer = buffer()
        buffer.append(ByteBuffer(string: "a"), at: Self.start)
        buffer.append(ByteBuffer(string: "b"), at: Self.start)
        let mark = buffer.mark()
        buffer.forgetAll()
        #expect((buffer.count, buffer.bytes) == (0, 0))
        #expect(replay(buffer, after: 1) == .failure(.forgotten))
        #expect(replay(buffer, after: 2) == .success([]))
        #expect(replay(buffer, after: mark) == .success([]))
    }

    /// Remembers everything, and looks at it from the start for each question.
    private struct Reference {
        var events: [(number: UInt64, text: String, time: NIODeadline)] = []
        var last: UInt64 = 0
        var keptFrom = 0
        let bounds: ReplayBuffer.Bounds

        var kept: ArraySlice<(number: UInt64, text: String, time: NIODeadline)> { events[keptFrom...] }

        mutating func trim(at now: NIODeadline) {
            while let first = kept.first,
                kept.count > bounds.events || kept.map(\.text.utf8.count).reduce(0, +) > bounds.bytes
                    || first.time + bounds.age < now
            { keptFrom += 1 }
        }

        func replay(after number: UInt64) -> Result<[String], ReplayBuffer.Refusal> {
            guard (1...max(1, last)).contains(number), last > 0 else { return .failure(.unknown) }
            let missed = events.filter { $0.number > number }
            guard missed.count <= kept.count else { return .failure(.forgotten) }
            return .success(missed.map(\.text))
        }
    }

    @Test("a long random walk agrees with a buffer that remembers everything", arguments: 1...20 as ClosedRange<UInt64>)
    func walk(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bounds = ReplayBuffer.Bounds(
            events: Int.random(in: 1...8, using: &random), bytes: Int.random(in: 1...60, using: &random),
            age: .seconds(Int64.random(in: 1...20, using: &random)))
        var buffer = ReplayBuffer(bounds)
        var reference = Reference(bounds: bounds)
        var now = Self.start
        for step in 0..<500 {
            now = now + .seconds(Int64.random(in: 0...4, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let text = String(repeating: "x", count: Int.random(in: 0...20, using: &random)) + "\(step)"
                reference.last += 1
                reference.events.append((reference.last, text, now))
                buffer.append(ByteBuffer(string: text), at: now)
                reference.trim(at: now)
            case 6..<8:
                reference.last += 1
                #expect(buffer.mark() == reference.last)
            case 8:
                buffer.forget(at: now)
                reference.trim(at: now)
            case 9 where step % 7 == 0:
                buffer.forgetAll()
                reference.keptFrom = reference.events.count
            case 9:
                break
            case let other:
                Issue.record("\(other)")
            }
            #expect(buffer.last == reference.last)
            #expect(buffer.count == reference.kept.count)
            #expect(buffer.bytes == reference.kept.map(\.text.utf8.count).reduce(0, +))
            for number in (reference.last - min(reference.last, 12))...reference.last + 1 {
                #expect(replay(buffer, after: number) == reference.replay(after: number))
            }
        }
    }
}
