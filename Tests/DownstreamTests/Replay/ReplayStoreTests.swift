import NIOCore
import NIOEmbedded
import Testing

@testable import Downstream

@Suite("replay store")
struct ReplayStoreTests {
    private let loop = EmbeddedEventLoop()

    private func store(
        bytes: Int = 1000, buffered: Int = 1 << 20, age: Duration = .seconds(300)
    ) -> ReplayStore {
        var settings = FrontSettings()
        settings.replayBytes = bytes
        settings.bufferedBytes = buffered
        settings.replayAge = age
        return ReplayStore(eventLoop: loop, settings: settings)
    }

    /// A connection that takes everything.
    private final class Outlet: EventOutlet {
        let eventLoop: any EventLoop
        let isWritable = true
        var isFinished = false

        init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

        func write(_ frame: ByteBuffer) {}
        func flushSoon() {}
        func finishStream() { isFinished = true }
        func queueHasGrown() {}
        func abort() {}
    }

    /// A stream whose only answer has come.
    @discardableResult
    private func answered(_ streams: SessionStreams, _ length: Int = 10) -> ResumableStream {
        let stream = streams.open(answersDue: 1)
        stream.answer(ByteBuffer(repeating: UInt8(ascii: "x"), count: length))
        return stream
    }

    @Test("what is kept is counted, and forgotten when the session ends")
    func count() {
        let store = store()
        let streams = store.add("a", canPoll: false)
        #expect(store.bytes == 0)
        let stream = answered(streams)
        #expect(stream.buffer.bytes > 10)
        #expect(store.bytes == SessionStreams.overhead + stream.buffer.bytes)
        let other = store.add("b", canPoll: false)
        answered(other)
        let late = other.open(answersDue: 1)
        store.remove("b")
        #expect(store.bytes == SessionStreams.overhead + stream.buffer.bytes)
        // A call may be answered after its session's end.
        late.answer(ByteBuffer(string: "{}"))
        #expect(store.bytes == SessionStreams.overhead + stream.buffer.bytes)
        store.remove("a")
        #expect(store.bytes == 0)
    }

    @Test("of the streams of a session on which nothing comes any more 64 are kept, and so many bytes as of one stream")
    func resting() {
        let store = store(bytes: 10_000)
        let streams = store.add("a", canPoll: false)
        let running = streams.open(answersDue: 1)
        let numbers = (0...SessionStreams.restingLimit).map { _ in answered(streams).number }
        #expect(streams.stream(numbers[0]) == nil)
        #expect(numbers.dropFirst().allSatisfy { streams.stream($0) != nil })
        #expect(streams.stream(running.number) != nil)
        let long = answered(streams, 9950)
        #expect(streams.stream(long.number) != nil)
        #expect(numbers.allSatisfy { streams.stream($0) == nil })
        running.answer(ByteBuffer(string: "{}"))
        answered(streams, 100)
        #expect(streams.stream(long.number) == nil)
        #expect(streams.stream(running.number) != nil)
    }

    @Test("a stream that its client comes back to rests no more, and is the last to be forgotten afterwards")
    func awake() {
        let store = store(bytes: 10_000)
        let streams = store.add("a", canPoll: false)
        let first = answered(streams)
        let second = answered(streams)
        let outlet = Outlet(loop)
        first.connect(EventStream(outlet: outlet, settings: FrontSettings()))
        #expect(outlet.isFinished)
        for _ in 1..<SessionStreams.restingLimit { answered(streams) }
        #expect(streams.stream(second.number) == nil)
        #expect(streams.stream(first.number) != nil)
    }

    @Test("events and streams grow old, but that of a GET can be returned to by who has missed nothing")
    func age() throws {
        let store = store(age: .milliseconds(1))
        let streams = store.add("a", canPoll: false)
        let answered = answered(streams)
        let running = streams.open(answersDue: 1)
        running.send(ByteBuffer(string: "{}"))
        running.send(ByteBuffer(string: "{}"))
        let standalone = streams.openStandalone()
        standalone.send(ByteBuffer(string: "{}"))
        standalone.send(ByteBuffer(string: "{}"))
        let old = NIODeadline.now() + .seconds(1)
        streams.forget(before: old)
        #expect(streams.stream(answered.number) == nil)
        #expect(streams.stream(running.number) === running)
        #expect(throws: ReplayBuffer.Refusal.forgotten) { try running.buffer.frames(after: 1) }
        #expect(streams.stream(standalone.number) === standalone)
        #expect(throws: ReplayBuffer.Refusal.forgotten) { try standalone.buffer.frames(after: 1) }
        #expect(try standalone.buffer.frames(after: 2).isEmpty)
        #expect(store.bytes == 2 * SessionStreams.overhead)
    }

    @Test("of two GETs the newer stream is the one that is remembered")
    func standalone() {
        let store = store(age: .milliseconds(1))
        let streams = store.add("a", canPoll: false)
        let first = streams.openStandalone()
        let connection = EventStream(outlet: Outlet(loop), settings: FrontSettings())
        first.connect(connection)
        let second = streams.openStandalone()
        first.leave(connection)
        streams.forget(before: .now() + .seconds(1))
        #expect(streams.stream(first.number) == nil)
        #expect(streams.stream(second.number) === second)
    }

    @Test("beyond an eighth of what may wait in memory, the session for which most is kept loses its oldest")
    func together() {
        let store = store(bytes: 100_000, buffered: 80_000)
        let (large, small) = (store.add("large", canPoll: false), store.add("small", canPoll: false))
        let kept = answered(small, 500)
        let first = answered(large, 3000)
        let second = answered(large, 3000)
        #expect(large.stream(first.number) != nil)
        let third = answered(large, 3000)
        #expect(large.stream(first.number) == nil)
        #expect(large.stream(second.number) != nil)
        #expect(large.stream(third.number) != nil)
        #expect(small.stream(kept.number) != nil)
        #expect(store.bytes <= 10_000)
    }

    @Test("a stream that still runs loses its events when nothing else can be forgotten, and goes on")
    func running() {
        let store = store(bytes: 100_000, buffered: 80_000)
        let streams = store.add("a", canPoll: false)
        let running = streams.open(answersDue: 2)
        var growths = 0
        store.onGrowth = { growths += 1 }
        for _ in 0..<5 { running.send(ByteBuffer(repeating: UInt8(ascii: "x"), count: 3000)) }
        #expect(growths == 5)
        #expect(store.bytes <= 10_000)
        #expect(streams.stream(running.number) === running)
        #expect(running.buffer.last == 5)
        store.forget(1_000_000)
        #expect(store.bytes == SessionStreams.overhead)
    }
}
