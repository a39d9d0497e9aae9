import FuzzSupport
import NIOCore
import NIOEmbedded
import Testing

@testable import Downstream

/// Clients that lose their connections in every way, over streams whose writers care about nothing.
@Suite("a walk of streams and clients")
struct ResumableStreamWalkTests {
    /// A connection whose socket takes what the walk lets it take, and whose client has received the first of that.
    private final class Outlet: EventOutlet {
        let eventLoop: any EventLoop
        var isWritable = true
        var written: [String] = []
        var received = 0
        var isFinished = false
        var isAborted = false
        /// Whether the client has gone.
        var isGone = false
        var isOpen: Bool { !isGone && !isAborted && !isFinished }

        init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

        func write(_ frame: ByteBuffer) { written.append(String(buffer: frame)) }
        func flushSoon() {}
        func finishStream() { isFinished = true }
        func queueHasGrown() {}
        func abort() { isAborted = true }
    }

    /// The client of one stream: what it has received, over all of its connections.
    private final class Client {
        let stream: ResumableStream
        let answers: Int
        var sent: [String] = []
        var received: [String] = []
        var lastID: EventID?
        var connection: (outlet: Outlet, stream: EventStream)?
        /// Connections live a little longer than they are of use.
        var former: [EventStream] = []
        var isRefused = false

        init(_ stream: ResumableStream, answers: Int) {
            self.stream = stream
            self.answers = answers
        }

        /// Goes away, so that the gateway notices.
        func disconnect() {
            connection?.outlet.isGone = true
            connection?.stream.outletIsGone()
        }

        /// Receives so many of the frames that have been written.
        func receive(_ count: Int) {
            guard let outlet = connection?.outlet else { return }
            for frame in outlet.written[outlet.received..<min(outlet.written.count, outlet.received + count)] {
                outlet.received += 1
                for line in frame.split(separator: "\n") {
                    if line.hasPrefix("id: ") { lastID = EventID(String(line.dropFirst(4))) }
                    if line.hasPrefix("data: ") { received.append(String(line.dropFirst(6))) }
                }
            }
        }
    }

    @Test(
        "each gets every event of its stream once and in order, or is refused", arguments: 1...30 as ClosedRange<UInt64>
    )
    func walk(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let loop = EmbeddedEventLoop()
        var settings = FrontSettings()
        settings.replayEvents = Int.random(in: 3...40, using: &random)
        settings.streamQueueEvents = Int.random(in: 3...40, using: &random)
        settings.streamAge = .milliseconds(50)
        let store = ReplayStore(eventLoop: loop, settings: settings)
        let canPoll = random.chance(2)
        let streams = store.add("a", canPoll: canPoll)
        let clients = (0..<5).map { number in
            let answers = number == 0 ? 0 : Int.random(in: 1...2, using: &random)
            let stream = answers == 0 ? streams.openStandalone() : streams.open(answersDue: answers)
            return Client(stream, answers: answers)
        }
        for client in clients { connect(client, [], loop, settings) }
        for step in 0..<400 {
            guard let client = clients.randomElement(using: &random) else { return }
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<5:
                guard client.answers == 0 || client.stream.answersDue > 0 else { continue }
                let text = "\(client.stream.number):\(step)"
                client.sent.append(text)
                let wasOpen = client.connection?.outlet.isOpen == true
                if client.answers > 0, random.chance(15) {
                    client.stream.answer(ByteBuffer(string: text))
                } else {
                    client.stream.send(ByteBuffer(string: text))
                }
                // Who listens and has taken all that was written gets it at once.
                if let outlet = client.connection?.outlet, wasOpen, outlet.isWritable {
                    #expect(outlet.written.last?.hasSuffix("data: \(text)\n\n") == true)
                }
            case 5..<8:
                client.receive(Int.random(in: 0...5, using: &random))
            case 8:
                guard let (outlet, connection) = client.connection else { continue }
                outlet.isWritable.toggle()
                if outlet.isWritable { connection.outletIsWritable() }
            case 9:
                // Also behind the gateway's back: it learns of the loss with the next connection only.
                if random.chance(2) { client.disconnect() }
                if client.lastID != nil { try reconnect(client, streams, loop, settings) }
            case 10:
                loop.advanceTime(by: .milliseconds(20))
            case 11:
                guard let outlet = client.connection?.outlet, outlet.isFinished || outlet.isAborted else { continue }
                if outlet.isAborted { client.disconnect() } else { client.receive(.max / 2) }
                if client.lastID != nil { try reconnect(client, streams, loop, settings) }
            case let other:
                Issue.record("\(other)")
            }
            check(client)
        }
        for client in clients where client.lastID != nil {
            try reconnect(client, streams, loop, settings)
            client.receive(.max / 2)
            check(client)
            guard !client.isRefused else { continue }
            #expect(client.received == client.sent)
            #expect(client.connection?.outlet.isFinished == (client.answers > 0 && client.stream.answersDue == 0))
        }
        #expect(store.bytes >= 0)
        store.remove("a")
        #expect(store.bytes == 0)
    }

    private func connect(_ client: Client, _ missed: [ByteBuffer], _ loop: EmbeddedEventLoop, _ settings: FrontSettings)
    {
        let outlet = Outlet(loop)
        let connection = EventStream(outlet: outlet, settings: settings)
        client.former.append(connection)
        client.connection = (outlet, connection)
        client.stream.connect(connection, replaying: missed)
    }

    private func reconnect(
        _ client: Client, _ streams: SessionStreams, _ loop: EmbeddedEventLoop, _ settings: FrontSettings
    ) throws {
        guard let id = client.lastID else { return }
        do throws(ResumptionRefusal) {
            let (stream, missed) = try streams.wanted(.value(id.text))
            #expect(stream === client.stream)
            connect(client, missed, loop, settings)
            client.isRefused = false
        } catch {
            #expect(error == .forgotten)
            // There is a reason: more was sent since than is kept.
            #expect(client.sent.count - client.received.count > settings.replayEvents)
            client.isRefused = true
        }
    }

    /// What was received is what was sent, without a gap.
    private func check(_ client: Client) {
        #expect(client.received == Array(client.sent.prefix(client.received.count)))
    }
}
