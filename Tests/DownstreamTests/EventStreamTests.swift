import NIOCore
import NIOEmbedded
import Testing

@testable import Downstream

@Suite("event stream")
struct EventStreamTests {
    /// A connection whose socket takes as much as the test says.
    private final class Outlet: EventOutlet {
        let loop = EmbeddedEventLoop()
        var eventLoop: any EventLoop { loop }
        var isWritable = true
        var written: [String] = []
        var isFinished = false
        var isAborted = false
        var growth = 0

        func write(_ frame: ByteBuffer) { written.append(String(buffer: frame)) }
        func flushSoon() {}
        func finishStream() { isFinished = true }
        func abort() { isAborted = true }
        func queueHasGrown() { growth += 1 }
    }

    private func settings(events: Int = 3, bytes: Int = 100) -> FrontSettings {
        var settings = FrontSettings()
        settings.streamQueueEvents = events
        settings.streamQueueBytes = bytes
        settings.keepAliveInterval = .seconds(15)
        return settings
    }

    private func frame(_ text: String) -> ByteBuffer { ByteBuffer(string: text) }

    @Test("what a slow reader does not take waits, in order, and the end waits for it")
    func queue() {
        let outlet = Outlet()
        let stream = EventStream(outlet: outlet, settings: settings())
        outlet.isWritable = false
        for text in ["a", "b", "c"] { stream.send(frame(text)) }
        stream.end()
        #expect(outlet.written == [])
        #expect(!outlet.isFinished)
        outlet.isWritable = true
        stream.outletIsWritable()
        #expect(outlet.written == ["a", "b", "c"])
        #expect(outlet.isFinished)
        stream.send(frame("d"))
        #expect(outlet.written.count == 3)
    }

    @Test("one event too many closes the stream, and the loss is reported once, later")
    func tooManyEvents() {
        let outlet = Outlet()
        let stream = EventStream(outlet: outlet, settings: settings(events: 2))
        var losses = 0
        stream.onLoss = { losses += 1 }
        outlet.isWritable = false
        stream.send(frame("a"))
        stream.send(frame("b"))
        #expect(!outlet.isAborted)
        stream.send(frame("c"))
        #expect(outlet.isAborted)
        #expect(losses == 0)
        outlet.loop.run()
        #expect(losses == 1)
        stream.outletIsGone()
        outlet.loop.run()
        #expect(losses == 1)
    }

    @Test("bytes may wait up to the limit; one more closes the stream")
    func bytesAtTheLimit() {
        let outlet = Outlet()
        let stream = EventStream(outlet: outlet, settings: settings(bytes: 10))
        outlet.isWritable = false
        stream.send(frame("123456"))
        stream.send(frame("7890"))
        #expect(!outlet.isAborted)
        #expect(stream.queuedBytes == 10)
        #expect(outlet.growth == 2)
        stream.send(frame("x"))
        #expect(outlet.isAborted)
        #expect(stream.queuedBytes == 0)
    }

    @Test("one byte too many closes the stream, but a single long event is let through")
    func tooManyBytes() {
        let outlet = Outlet()
        let stream = EventStream(outlet: outlet, settings: settings(bytes: 10))
        outlet.isWritable = false
        stream.send(frame(String(repeating: "x", count: 11)))
        #expect(!outlet.isAborted)
        stream.send(frame("y"))
        #expect(outlet.isAborted)
    }

    @Test("what is replayed may wait whatever it is, in order; what comes after it is held to the bounds")
    func replay() {
        let outlet = Outlet()
        let stream = EventStream(outlet: outlet, settings: settings(events: 2, bytes: 10))
        stream.replay(["a", "b"].map(frame))
        #expect(outlet.written == ["a", "b"])
        outlet.isWritable = false
        stream.replay(["c", "12345678901", "d"].map(frame))
        #expect(stream.queuedBytes == 13)
        #expect(outlet.growth == 1)
        #expect(!outlet.isAborted)
        outlet.isWritable = true
        stream.outletIsWritable()
        #expect(outlet.written.dropFirst(2) == ["c", "12345678901", "d"])
        outlet.isWritable = false
        stream.replay(["e", "f"].map(frame))
        stream.send(frame("g"))
        #expect(outlet.isAborted)
    }

    @Test("[21] a comment is written at every interval, but not to a reader who is behind")
    func keepAlive() {
        let outlet = Outlet()
        let stream = EventStream(outlet: outlet, settings: settings())
        outlet.loop.advanceTime(by: .seconds(31))
        #expect(outlet.written == [": ping\n\n", ": ping\n\n"])
        outlet.isWritable = false
        outlet.loop.advanceTime(by: .seconds(60))
        stream.end()
        outlet.loop.advanceTime(by: .seconds(60))
        #expect(outlet.written.count == 2)
        #expect(outlet.isFinished)
    }

    @Test("an end that was asked for is no loss; a shutdown and a vanished client are")
    func losses() {
        for (isLoss, end) in [
            (false, { $0.end() }), (true, { $0.drain() }), (true, { $0.outletIsGone() }),
        ] as [(Bool, (EventStream) -> Void)] {
            let outlet = Outlet()
            let stream = EventStream(outlet: outlet, settings: settings())
            var isLost = false
            stream.onLoss = { isLost = true }
            end(stream)
            outlet.loop.run()
            #expect(isLost == isLoss)
        }
    }

    @Test("[15] a message is one data line, whatever stands between its tokens")
    func framing() {
        let framed = EventFraming.message(ByteBuffer(string: "{\"a\":\r\n\"\u{2028}\\n\"\r}"))
        #expect(String(buffer: framed) == "event: message\ndata: {\"a\":  \"\u{2028}\\n\" }\n\n")
        let empty = EventFraming.message(ByteBuffer(string: "{}"))
        #expect(String(buffer: empty) == "event: message\ndata: {}\n\n")
        let id = EventID(stream: 7, event: 12)
        let identified = EventFraming.message(ByteBuffer(string: "{\n}"), id: id)
        #expect(String(buffer: identified) == "id: 7.12\nevent: message\ndata: { }\n\n")
        #expect(String(buffer: EventFraming.mark(id)) == "id: 7.12\ndata:\n\n")
        let retry = EventFraming.mark(id, retry: .milliseconds(1500))
        #expect(String(buffer: retry) == "id: 7.12\nretry: 1500\ndata:\n\n")
    }
}
